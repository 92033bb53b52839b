import { types } from 'node:util';

/**
 * Decodes text of a commit: by its `encoding` header, else as UTF-8, else byte by byte as Latin-1
 * (what git itself does with a message that is no UTF-8). NULs are dropped: git cuts messages there.
 */
export function decodeText(bytes: Uint8Array, encoding?: string): string {
  const named = encoding === undefined ? null : decodeAs(bytes, encoding);
  const text = named ?? decodeAs(bytes, 'utf-8') ?? Buffer.from(bytes).toString('latin1');
  return text.replaceAll('\0', '');
}

function decodeAs(bytes: Uint8Array, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    // RangeError: an encoding nobody knows. TypeError: bytes which are not in it.
    if (types.isNativeError(error) && /^(Range|Type)Error$/.test(error.name)) return null;
    throw error;
  }
}

const PLAIN = /^[^\0-\x1f\x7f"\\]*$/; // eslint-disable-line no-control-regex -- control characters are the point
const ESCAPES: Readonly<Record<string, string>> = {
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '"': '\\"',
  '\\': '\\\\',
};

/**
 * Gives a path as a string without loss: as it is when it is plain UTF-8, else quoted like git's own
 * output (`"a\377b"`). Two paths never get the same string.
 */
export function pathText(bytes: Uint8Array): string {
  const text = decodeAs(bytes, 'utf-8');
  if (text !== null && PLAIN.test(text)) return text;
  const latin1 = Buffer.from(bytes).toString('latin1');
  return `"${Array.from(latin1, escapeByte).join('')}"`;
}

function escapeByte(byte: string): string {
  const known = ESCAPES[byte];
  if (known !== undefined) return known;
  const code = byte.charCodeAt(0);
  return code < 0x20 || code >= 0x7f ? `\\${code.toString(8).padStart(3, '0')}` : byte;
}

/** Splits `-z` output at its NULs; the last record, always empty, is left out. Bytes live on as Latin-1. */
export function records(output: Buffer): string[] {
  const parts = output.toString('latin1').split('\0');
  if (parts.at(-1) === '') parts.pop();
  return parts;
}

/** `pathText` of a path that was kept as a Latin-1 string. */
export function pathOf(latin1: string): string {
  return pathText(Buffer.from(latin1, 'latin1'));
}
