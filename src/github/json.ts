/** JSON of strangers, or the reason it is refused. */
export type ParsedJson =
  | { readonly kind: 'parsed'; readonly value: unknown }
  | { readonly kind: 'refused'; readonly detail: string };

/** GitHub's payloads are some ten levels deep; what goes far beyond is made to break a parser. */
const MAX_DEPTH = 100;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = [0x7b, 0x5b];
const CLOSING = [0x7d, 0x5d];

/** Parses UTF-8 JSON after a look at its depth, which costs a pass over the bytes (B-011, B-012). */
export function parseJson(bytes: Uint8Array): ParsedJson {
  if (isDeeperThan(bytes, MAX_DEPTH)) {
    return { kind: 'refused', detail: `nested more than ${MAX_DEPTH} levels deep` };
  }
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return { kind: 'parsed', value };
  } catch (error) {
    return {
      kind: 'refused',
      detail: error instanceof Error ? error.message.slice(0, 200) : 'not JSON',
    };
  }
}

/** Brackets inside strings do not count. In UTF-8 no byte of another character looks like these. */
function isDeeperThan(bytes: Uint8Array, limit: number): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (inString) {
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (OPENING.includes(byte)) {
      if (++depth > limit) return true;
    } else if (CLOSING.includes(byte)) depth--;
  }
  return false;
}
