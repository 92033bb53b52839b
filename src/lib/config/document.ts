import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Document, Node } from 'yaml';
import { oneLine, type Problem } from '../errors.ts';

/** A place in the file: keys and positions from the top. */
export type Path = readonly PropertyKey[];

/** A file that was read, with its lines. */
export interface ConfigDocument {
  /** Plain data, `${NAME}` replaced. */
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** Places where a variable is missing: what else is wrong there follows from it. */
  readonly unfilled: ReadonlySet<string>;
  /** Line of the deepest part of the path that the file has, from 1. */
  lineOf(path: Path): number;
}

/** Reads YAML (so JSON as well) and puts in the environment. Never throws: problems are collected. */
export function readDocument(text: string, env: NodeJS.ProcessEnv): ConfigDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problems: Problem[] = document.errors.map(({ message, pos }) => ({
    ...{ line: lines.linePos(pos[0]).line, path: '', message: message.replace(/\s+/g, ' ') },
  }));
  const lineOf = (path: Path): number => lines.linePos(offsetOf(document, path)).line;
  const unfilled = new Set<string>();
  fill(document.contents, [], (name, path) => {
    const value = env[name];
    if (value !== undefined) return value;
    unfilled.add(formatPath(path));
    const message = `the environment variable ${name} is not set`;
    problems.push({ line: lineOf(path), path: formatPath(path), message });
    return `\${${name}}`;
  });
  const isReadable = problems.length === unfilled.size;
  const value = isReadable ? valueOf(document, (problem) => problems.push(problem)) : undefined;
  return { value, problems, unfilled, lineOf };
}

/** The yaml package looks at aliases only here: one of nothing is an error, and so are too many (B-105). */
function valueOf(document: Document.Parsed, report: (problem: Problem) => void): unknown {
  try {
    return document.toJS();
  } catch (error) {
    report({ line: 0, path: '', message: oneLine(error) });
    return undefined;
  }
}

/** `projects[0].branches[2]` */
export function formatPath(path: Path): string {
  return path.reduce<string>(
    (text, key) =>
      typeof key === 'number' ? `${text}[${key}]` : `${text}${text && '.'}${String(key)}`,
    '',
  );
}

/** `${NAME}` is a variable, `$${NAME}` stands for itself without the first `$`. */
const VARIABLE = /\$(\$\{\w+\})|\$\{(\w+)\}/g;

function fill(node: unknown, path: Path, lookUp: (name: string, path: Path) => string): void {
  if (isMap(node)) {
    for (const { key, value } of node.items) fill(value, [...path, keyOf(key)], lookUp);
  } else if (isSeq(node)) {
    for (const [i, item] of node.items.entries()) fill(item, [...path, i], lookUp);
  } else if (isScalar(node) && typeof node.value === 'string') {
    node.value = node.value.replace(VARIABLE, (_, literal?: string, name?: string) =>
      name === undefined ? (literal ?? '') : lookUp(name, path),
    );
  }
}

function keyOf(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}

/** Where the key (or list item) of the path begins; for a path that is missing, where its parent does. */
function offsetOf(document: Document.Parsed, path: Path): number {
  let node: unknown = document.contents;
  let offset = document.contents?.range[0] ?? 0;
  for (const step of path) {
    const next = child(node, step);
    if (next === undefined) return offset;
    offset = next.offset ?? offset;
    node = next.node;
  }
  return offset;
}

function child(
  node: unknown,
  step: PropertyKey,
): { node: unknown; offset?: number | undefined } | undefined {
  if (isSeq(node) && typeof step === 'number') {
    const item = node.items[step];
    return item === undefined ? undefined : { node: item, offset: (item as Node).range?.[0] };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => keyOf(key) === String(step));
  return pair && { node: pair.value, offset: (pair.key as Node | null)?.range?.[0] };
}
