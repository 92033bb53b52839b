/**
 * What a line of Markdown is, as far as it matters for finding commands and breaks:
 * `text` goes on or begins a paragraph, `item` begins one (a list item), `alone` is a paragraph of
 * its own (heading, break, underline), `hidden` is code, quotation or raw HTML.
 */
export type LineKind = 'blank' | 'text' | 'item' | 'alone' | 'hidden';

interface Fence {
  readonly kind: 'fence';
  readonly mark: string;
  readonly length: number;
  /** Column of the list item the fence stands in; its end may be indented by up to 3 more. */
  readonly column: number;
}
interface Html {
  readonly kind: 'html';
  readonly end: RegExp;
}
type Block = Fence | Html | { readonly kind: 'none' } | { readonly kind: 'mail' };

const NONE: Block = { kind: 'none' };
/** Start and end conditions of the HTML blocks whose text is raw (CommonMark 0.31, 4.6, kinds 1-5). */
const HTML_BLOCKS: readonly { readonly start: RegExp; readonly end: RegExp }[] = [
  {
    start: /^<(?:pre|script|style|textarea)(?:[\s>]|$)/i,
    end: /<\/(?:pre|script|style|textarea)>/i,
  },
  { start: /^<!--/, end: /-->/ },
  { start: /^<\?/, end: /\?>/ },
  { start: /^<!\[CDATA\[/, end: /\]\]>/ },
  { start: /^<![A-Za-z]/, end: />/ },
];
const LIST_MARKERS = /^ {0,3}(?:(?:[-*+]|[0-9]{1,9}[.)])[ \t]+)+/;
const FENCE = /^(?:(`{3,})[^`]*|(~{3,}).*)$/;

/**
 * Classifies lines of GitHub Markdown, an approximation that errs towards `hidden`. Linear in the
 * length of the text. Everything from an e-mail's quotation header on is hidden.
 */
export function classifyLines(lines: readonly string[]): LineKind[] {
  let block: Block = NONE;
  let previous: LineKind = 'blank';
  return lines.map((line) => {
    const step: Step = block.kind === 'none' ? openLine(line, previous) : insideLine(line, block);
    block = step.block;
    previous = step.kind;
    return step.kind;
  });
}

/** Columns of leading white space; a tab goes to the next multiple of 4. */
export function indentation(line: string): number {
  let columns = 0;
  for (const character of line) {
    if (character === ' ') columns += 1;
    else if (character === '\t') columns += 4 - (columns % 4);
    else break;
  }
  return columns;
}

interface Step {
  readonly kind: LineKind;
  readonly block: Block;
}

function insideLine(line: string, block: Block): Step {
  const ends =
    block.kind === 'fence' ? endsFence(line, block) : block.kind === 'html' && block.end.test(line);
  return { kind: 'hidden', block: ends ? NONE : block };
}

function openLine(line: string, previous: LineKind): Step {
  if (line.trim() === '') return { kind: 'blank', block: NONE };
  const block = openedBlock(line);
  if (block !== null) return { kind: 'hidden', block };
  if (indentation(line) >= 4) {
    const continues = previous === 'text' || previous === 'item';
    return { kind: continues ? 'text' : 'hidden', block: NONE };
  }
  const text = line.trimStart();
  if (text.startsWith('>')) return { kind: 'hidden', block: NONE };
  if (/^#{1,6}(?:\s|$)/.test(text) || isRule(text)) return { kind: 'alone', block: NONE };
  return { kind: LIST_MARKERS.test(line) ? 'item' : 'text', block: NONE };
}

function openedBlock(line: string): Block | null {
  if (isMailHeader(line)) return { kind: 'mail' };
  const fence = openedFence(line);
  if (fence !== null) return fence;
  if (indentation(line) >= 4) return null;
  const text = line.trimStart();
  const html = HTML_BLOCKS.find(({ start }) => start.test(text));
  if (html === undefined) return null;
  return html.end.test(text) ? NONE : { kind: 'html', end: html.end };
}

function openedFence(line: string): Fence | null {
  const markers = LIST_MARKERS.exec(line)?.[0] ?? '';
  const rest = line.slice(markers.length);
  if (indentation(rest) >= 4) return null;
  const match = FENCE.exec(rest.trimStart());
  const run = match?.[1] ?? match?.[2];
  if (run === undefined) return null;
  return { kind: 'fence', mark: run.charAt(0), length: run.length, column: markers.length };
}

function endsFence(line: string, fence: Fence): boolean {
  const text = line.trim();
  if (text.length < fence.length || indentation(line) > fence.column + 3) return false;
  return text === fence.mark.repeat(text.length);
}

/** A thematic break or the underline of a heading: both end a paragraph. */
function isRule(text: string): boolean {
  const marks = text.replace(/[ \t]/g, '');
  return /^(?:-+|=+|\*{3,}|_{3,})$/.test(marks);
}

/** The line mail programs put above what they quote, in the usual shapes. */
function isMailHeader(line: string): boolean {
  const text = line.trim();
  if (text.length > 300) return false;
  if (/^-{3,} ?(?:Original Message|Forwarded message) ?-{3,}$/i.test(text)) return true;
  return /^(?:On|Le|Am|El) .*[0-9].*(?:wrote|a écrit|schrieb.*|escribió) ?:$/.test(text);
}
