/** Longest foreign text within a sentence, in characters. */
const INLINE_LIMIT = 300;
/** Longest foreign block, in characters; GitHub's comments end at 65,536. */
const BLOCK_LIMIT = 8_192;
/** Invisible; breaks mentions, references and comment marks apart. */
const APART = '\u200b';

/** Addresses people at the start of a message; nothing when nobody is to be pinged. */
export function ping(logins: readonly string[]): string {
  const distinct = [...new Set(logins)];
  return distinct.length === 0 ? '' : `${distinct.map((login) => `@${login}`).join(' ')} `;
}

/** Shows foreign text as code in a sentence: nothing in it is a mention, a reference or markup. */
export function code(text: string): string {
  const line = disarm(cut(text, INLINE_LIMIT).replace(/\s+/g, ' ')).trim();
  if (line === '') return '(empty)';
  const ticks = '`'.repeat(longestRun(line) + 1);
  const space = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${ticks}${space}${line}${space}${ticks}`;
}

/** Shows foreign text as a block of its own; long text is cut and says so. */
export function block(text: string, language = ''): string {
  const shown = disarm(cut(text, BLOCK_LIMIT)).replace(/\s+$/, '');
  const ticks = '`'.repeat(Math.max(3, longestRun(shown) + 1));
  return `${ticks}${language}\n${shown}\n${ticks}`;
}

/** Puts foreign text into prose, as the characters it is made of. */
export function plain(text: string): string {
  return cut(text, INLINE_LIMIT)
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_[\]|~>]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/[@#]/g, `$&${APART}`)
    .trim();
}

/** Links a text; an address that is not http or https is left out. */
export function link(text: string, url: string | null): string {
  if (url === null || !/^https?:\/\/[^\s<>]{1,2000}$/i.test(url)) return text;
  return `[${text}](${url.replace(/[()\\]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)})`;
}

/** One line each. */
export function bullets(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}

/** Paragraphs, the empty ones left out. */
export function paragraphs(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n');
}

/** `a`, `a and b`, `a, b and c`. */
export function enumerate(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;
}

/** `1 commit`, `3 commits`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** Whole minutes, as people say them, and seconds below one; durations in milliseconds. */
export function minutes(durationMs: number): string {
  if (durationMs < 60_000) return count(Math.max(1, Math.round(durationMs / 1000)), 'second');
  return count(Math.max(1, Math.round(durationMs / 60_000)), 'minute');
}

/** A bot's own marker in echoed text must not look like one of ours. */
function disarm(text: string): string {
  return text.replace(/<!--/g, `<${APART}!--`).replaceAll('\u0000', '\ufffd');
}

function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const kept = text.slice(0, limit).replace(/[\ud800-\udbff]$/, '');
  return `${kept}… (${text.length - kept.length} more characters)`;
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map((match) => match[0].length));
}
