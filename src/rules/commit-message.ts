import { classifyLines } from './markdown-blocks.ts';

/** One `Key: value` line at the end of a message. */
export interface Trailer {
  /** Printed with only its first letter upper-case. */
  readonly key: string;
  readonly value: string;
}

/** A commit message in parts. */
export interface CommitMessage {
  /** The first line; never interpreted. */
  readonly title: string;
  readonly body: string;
  readonly trailers: readonly Trailer[];
}

const TRAILER = /^([A-Za-z][A-Za-z-]*):[ \t]+(\S.*)$/;
const CO_AUTHOR = 'Co-authored-by';

/**
 * Reads a commit's message (spec 5.11): trailing `Key: value` lines are trailers, blank lines
 * between them notwithstanding; `Co-authored-by` lines are trailers wherever they stand.
 */
export function parseCommitMessage(text: string): CommitMessage {
  return parseLines(splitLines(text));
}

/**
 * Reads a pull request's text (title, blank line, description) as commit message. What follows the
 * first thematic break is for reviewers only and dropped, trailers below it too; a line of dashes
 * right under text underlines a heading, and breaks within code are text.
 */
export function parsePullRequestText(text: string): CommitMessage {
  const lines = splitLines(text);
  const cut = thematicBreak(lines);
  return parseLines(cut === null ? lines : lines.slice(0, cut));
}

/**
 * Prints a message; {@link parseCommitMessage} reads the same back. Trailers are grouped by key in
 * the order of first appearance, co-authors last.
 */
export function printCommitMessage(message: CommitMessage): string {
  const trailers = groupTrailers(message.trailers).map(({ key, value }) => `${key}: ${value}`);
  return [message.title, message.body, trailers.join('\n')]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** Gives the number of the line which begins the part that is not commit message, or null. */
export function thematicBreak(lines: readonly string[]): number | null {
  const kinds = classifyLines(lines);
  const found = lines.findIndex((line, index) => {
    if (index === 0 || kinds[index] !== 'alone') return false;
    return isBreak(line) && !(isUnderline(line) && isText(lines[index - 1]));
  });
  return found < 0 ? null : found;
}

/** Splits at any line ending and drops blank lines around. */
export function splitLines(text: string): string[] {
  return text.trim().split(/\r\n|\n|\r/);
}

/** Gives the trailers without those of a key, whatever its case. */
export function withoutKey(trailers: readonly Trailer[], key: string): Trailer[] {
  return trailers.filter((trailer) => !hasKey(trailer, key));
}

/** Compares keys as git does: without regard to case. */
export function hasKey(trailer: Trailer, key: string): boolean {
  return trailer.key.toLowerCase() === key.toLowerCase();
}

function parseLines(lines: readonly string[]): CommitMessage {
  const [title = '', ...rest] = lines;
  const kept: string[] = [];
  const trailers: Trailer[] = [];
  let atEnd = true;
  for (const line of [...rest].reverse()) {
    const trailer = readTrailer(line);
    if (trailer !== null && (atEnd || hasKey(trailer, CO_AUTHOR))) trailers.push(trailer);
    else {
      if (line.trim() !== '') atEnd = false;
      kept.push(line);
    }
  }
  return {
    title: title.trim(),
    body: trimBlank(kept.reverse()),
    trailers: groupTrailers(trailers.reverse()),
  };
}

function readTrailer(line: string): Trailer | null {
  const match = TRAILER.exec(line);
  if (match === null) return null;
  return { key: capitalize(match[1] ?? ''), value: (match[2] ?? '').trimEnd() };
}

/** Drops blank lines around a body, but not the indentation of its first line. */
function trimBlank(lines: readonly string[]): string {
  return lines
    .join('\n')
    .replace(/^(?:[^\S\n]*\n)+/, '')
    .trimEnd();
}

function capitalize(key: string): string {
  return key.charAt(0).toUpperCase() + key.slice(1).toLowerCase();
}

function groupTrailers(trailers: readonly Trailer[]): Trailer[] {
  const groups = new Map<string, Trailer[]>();
  for (const { key, value } of trailers) {
    const name = capitalize(key);
    const group = groups.get(name) ?? [];
    group.push({ key: name, value: value.replace(/\s+/g, ' ').trim() });
    groups.set(name, group);
  }
  const coAuthors = groups.get(CO_AUTHOR) ?? [];
  groups.delete(CO_AUTHOR);
  return [...[...groups.values()].flat(), ...coAuthors];
}

function isBreak(line: string): boolean {
  return /^ {0,3}(?:(?:-[ \t]*){3,}|(?:_[ \t]*){3,}|(?:\*[ \t]*){3,})$/.test(line);
}

function isUnderline(line: string): boolean {
  return /^ {0,3}-+[ \t]*$/.test(line);
}

function isText(line: string | undefined): boolean {
  return line !== undefined && line.trim() !== '';
}
