import type { Refusal } from './command-types.ts';

/** A piece of a command line. Spaces only separate. */
export interface Token {
  /** `quoted` stands for a value whatever it holds; `mark` is one of `+ = , :` or a leading `-`. */
  readonly kind: 'word' | 'quoted' | 'mark';
  readonly text: string;
}

/** The tokens of a line, or why it cannot be read. */
export type TokenList =
  | { readonly kind: 'tokens'; readonly tokens: readonly Token[] }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** What may hide or reorder what a reader sees: control, format, surrogate, separator characters. */
const HIDDEN = /(?!\t)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const MARKS = '+=,:';
const WORD = /[^ \t+=,:'"]+/y;

/**
 * Splits a command line into tokens (spec 3.2). Words are ASCII; other printable text stands between
 * single or double quotes, in which a backslash escapes the quote and itself.
 */
export function tokenize(line: string): TokenList {
  const hidden = HIDDEN.exec(line);
  if (hidden !== null)
    return refused({ kind: 'hidden-character', character: codePoint(hidden[0]) });
  const tokens: Token[] = [];
  let at = 0;
  while (at < line.length) {
    const read = readToken(line, at);
    if (read.kind === 'refused') return read;
    if (read.token !== null) tokens.push(read.token);
    at = read.next;
  }
  return { kind: 'tokens', tokens };
}

type Read =
  | { readonly kind: 'read'; readonly token: Token | null; readonly next: number }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

function readToken(line: string, at: number): Read {
  const character = line.charAt(at);
  if (character === ' ' || character === '\t') return { kind: 'read', token: null, next: at + 1 };
  if (MARKS.includes(character) || character === '-') {
    return { kind: 'read', token: { kind: 'mark', text: character }, next: at + 1 };
  }
  return character === '"' || character === "'" ? readQuoted(line, at) : readWord(line, at);
}

function readWord(line: string, at: number): Read {
  WORD.lastIndex = at;
  const text = WORD.exec(line)?.[0] ?? '';
  const next = at + text.length;
  if (!isAscii(text)) return refused({ kind: 'unknown-word', word: text, suggestion: null });
  const following = line.charAt(next);
  if (following === '"' || following === "'")
    return refused({ kind: 'quote-inside-word', word: text });
  return { kind: 'read', token: { kind: 'word', text }, next };
}

function readQuoted(line: string, at: number): Read {
  const quote = line.charAt(at);
  let text = '';
  for (let index = at + 1; index < line.length; index += 1) {
    let character = line.charAt(index);
    if (character === quote) return endQuoted(line, text, index + 1);
    const escaped = line.charAt(index + 1);
    if (character === '\\' && (escaped === quote || escaped === '\\')) {
      character = escaped;
      index += 1;
    }
    text += character;
  }
  return refused({ kind: 'open-quote' });
}

function endQuoted(line: string, text: string, next: number): Read {
  const ends = next === line.length || ` \t${MARKS}`.includes(line.charAt(next));
  if (!ends) return refused({ kind: 'quote-inside-word', word: text });
  return { kind: 'read', token: { kind: 'quoted', text }, next };
}

/** Prints a value so that {@link tokenize} gives it back as one token. */
export function printValue(text: string): string {
  const plain = text !== '' && !text.startsWith('-') && isAscii(text) && !/[\s+=,:'"]/.test(text);
  return plain ? text : `"${text.replace(/["\\]/g, '\\$&')}"`;
}

function isAscii(text: string): boolean {
  return /^[!-~]*$/.test(text);
}

function codePoint(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

function refused(refusal: Refusal): { readonly kind: 'refused'; readonly refusal: Refusal } {
  return { kind: 'refused', refusal };
}
