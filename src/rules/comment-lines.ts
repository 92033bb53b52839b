import { classifyLines, indentation } from './markdown-blocks.ts';
import type { LineKind } from './markdown-blocks.ts';
import { plainStarts } from './markdown-inline.ts';
import type { OpenTags } from './markdown-inline.ts';

/**
 * Gives the texts of the lines addressed to the bot, without the address (spec 3.1, R13). A line is
 * addressed when it begins, after at most 3 spaces, with an optional `@` or `#`, the bot's name in
 * any case, then a space, a tab or a colon; and when it is plain text: no quotation, code, comment,
 * link text or hidden element. Linear in the length of the comment.
 */
export function addressedLines(comment: string, botName: string): string[] {
  const lines = comment.split(/\r\n|\n|\r/);
  if (lines.every((line) => addressedText(line, botName) === null)) return [];
  const kinds = classifyLines(lines);
  const plain = plainLines(lines, kinds);
  return lines.flatMap((line, index) => {
    const text =
      plain[index] === true && indentation(line) < 4 ? addressedText(line, botName) : null;
    return text === null ? [] : [text];
  });
}

function addressedText(line: string, botName: string): string | null {
  const text = line.trimStart();
  const from = text.startsWith('@') || text.startsWith('#') ? 1 : 0;
  const end = from + botName.length;
  if (!equalsIgnoringCase(text.slice(from, end), botName)) return null;
  return /^[ \t:]/.test(text.slice(end, end + 1)) ? text.slice(end + 1) : null;
}

/** ASCII case only: `toLowerCase` would take the Kelvin sign for a k. */
function equalsIgnoringCase(one: string, other: string): boolean {
  return lowerAscii(one) === lowerAscii(other);
}

function lowerAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function plainLines(lines: readonly string[], kinds: readonly LineKind[]): boolean[] {
  const plain = lines.map(() => false);
  const open: OpenTags = new Map();
  for (const [from, to] of paragraphs(kinds)) {
    plainStarts(lines.slice(from, to), open).forEach((isPlain, offset) => {
      plain[from + offset] = isPlain;
    });
  }
  return plain;
}

/** Gives the first and the past-the-end line of each paragraph. */
function paragraphs(kinds: readonly LineKind[]): [number, number][] {
  const found: [number, number][] = [];
  let open: [number, number] | null = null;
  kinds.forEach((kind, index) => {
    if (kind === 'text' && open !== null) open[1] = index + 1;
    else if (kind === 'text' || kind === 'item' || kind === 'alone') {
      const paragraph: [number, number] = [index, index + 1];
      found.push(paragraph);
      open = kind === 'alone' ? null : paragraph;
    } else open = null;
  });
  return found;
}
