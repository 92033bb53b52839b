/** HTML elements whose text is hidden, quoted or shown as code. */
const HIDING_TAG =
  /<(\/?)(details|pre|code|blockquote|script|style|textarea|template|kbd|samp|q)(?=[\s/>])/iy;

/** Hidden elements that are open across paragraphs, by tag, with their depth. */
export type OpenTags = Map<string, number>;

/**
 * Tells for each line of a paragraph whether it begins in plain text: not within a code span, an
 * HTML comment, a link's text or an element such as `<details>`. `open` carries elements from
 * paragraph to paragraph and is changed. Linear in the length of the text.
 */
export function plainStarts(lines: readonly string[], open: OpenTags): boolean[] {
  const text = lines.join('\n');
  const regions = new InlineScan(text, open).regions();
  return uncovered(lineStarts(lines), regions, text.length);
}

/** Hidden text: offsets, the end excluded. */
interface Region {
  readonly from: number;
  readonly to: number;
}

function lineStarts(lines: readonly string[]): number[] {
  let at = 0;
  return lines.map((line) => {
    const start = at;
    at += line.length + 1;
    return start;
  });
}

/** Keeps a balance of opened and closed regions per offset, so that any number of them is cheap. */
function uncovered(
  starts: readonly number[],
  regions: readonly Region[],
  length: number,
): boolean[] {
  const balance = new Int32Array(length + 3);
  const add = (at: number, change: number): void => {
    balance[at] = (balance[at] ?? 0) + change;
  };
  for (const region of regions) {
    add(region.from + 1, 1);
    add(Math.min(region.to, length + 1), -1);
  }
  let depth = 0;
  let at = 0;
  return starts.map((start) => {
    for (; at <= start; at += 1) depth += balance[at] ?? 0;
    return depth <= 0;
  });
}

/** Walks one paragraph once, from left to right, and notes what is hidden. */
class InlineScan {
  private at = 0;
  private hiddenFrom: number | null;
  private readonly found: Region[] = [];
  private readonly brackets: number[] = [];
  private readonly text: string;
  private readonly open: OpenTags;
  private readonly ticks: ReadonlyMap<number, Positions>;
  private readonly parentheses: Positions;
  private readonly lastCommentEnd: number;

  constructor(text: string, open: OpenTags) {
    this.text = text;
    this.open = open;
    this.hiddenFrom = open.size > 0 ? -1 : null;
    this.ticks = tickRuns(text);
    this.parentheses = new Positions(offsets(text, /\)/g));
    this.lastCommentEnd = text.lastIndexOf('-->');
  }

  regions(): Region[] {
    while (this.at < this.text.length) this.step();
    if (this.hiddenFrom !== null) this.hide(this.hiddenFrom, this.text.length + 1);
    return this.found;
  }

  private hide(from: number, to: number): void {
    if (to > from + 1) this.found.push({ from, to });
  }

  private step(): void {
    const character = this.text[this.at];
    if (character === '\\') this.at += 2;
    else if (character === '`') this.skipCode();
    else if (character === '<') this.skipMarkup();
    else {
      if (character === '[') this.brackets.push(this.at);
      if (character === ']') this.closeBracket();
      this.at += 1;
    }
  }

  private skipCode(): void {
    const from = this.at;
    while (this.text[this.at] === '`') this.at += 1;
    const length = this.at - from;
    const closer = this.ticks.get(length)?.next(this.at);
    if (closer === undefined) return;
    this.at = closer + length;
    this.hide(from, this.at);
  }

  private skipMarkup(): void {
    if (this.text.startsWith('<!--', this.at)) {
      this.skipComment();
      return;
    }
    HIDING_TAG.lastIndex = this.at;
    const match = HIDING_TAG.exec(this.text);
    if (match === null) {
      this.at += 1;
      return;
    }
    this.passTag(match[1] === '/', (match[2] ?? '').toLowerCase());
    this.at += match[0].length;
  }

  private skipComment(): void {
    const from = this.at;
    this.at += 4;
    if (this.lastCommentEnd < from + 2) return;
    this.at = this.text.indexOf('-->', from + 2) + 3;
    this.hide(from, this.at);
  }

  private passTag(closes: boolean, tag: string): void {
    const depth = this.open.get(tag) ?? 0;
    if (!closes) this.open.set(tag, depth + 1);
    else if (depth > 1) this.open.set(tag, depth - 1);
    else this.open.delete(tag);
    if (this.open.size > 0) this.hiddenFrom ??= this.at;
    else if (this.hiddenFrom !== null) {
      this.hide(this.hiddenFrom, this.at);
      this.hiddenFrom = null;
    }
  }

  /** The text of a link or an image, with its address and title. */
  private closeBracket(): void {
    const from = this.brackets.pop();
    const next = this.text[this.at + 1];
    if (from === undefined || (next !== '(' && next !== '[')) return;
    const end = next === '(' ? this.parentheses.next(this.at) : this.at;
    this.hide(from, (end ?? this.at) + 1);
  }
}

/** Rising offsets, asked for with rising bounds: all questions together cost one walk. */
class Positions {
  private index = 0;
  private readonly offsets: readonly number[];

  constructor(offsets: readonly number[]) {
    this.offsets = offsets;
  }

  next(bound: number): number | undefined {
    while ((this.offsets[this.index] ?? Infinity) < bound) this.index += 1;
    return this.offsets[this.index];
  }
}

function offsets(text: string, pattern: RegExp): number[] {
  return [...text.matchAll(pattern)].map((match) => match.index);
}

function tickRuns(text: string): Map<number, Positions> {
  const byLength = new Map<number, number[]>();
  for (const match of text.matchAll(/`+/g)) {
    const runs = byLength.get(match[0].length) ?? [];
    runs.push(match.index);
    byLength.set(match[0].length, runs);
  }
  return new Map([...byLength].map(([length, runs]) => [length, new Positions(runs)]));
}
