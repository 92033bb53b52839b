import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

/** The project's own folder. */
export const ROOT = join(import.meta.dirname, '..', '..', '..');

/** Paths of the files of some folders, from the project's folder, sorted. */
export function listFiles(folders: readonly string[], pattern: RegExp): string[] {
  return folders
    .flatMap(walk)
    .filter((path) => pattern.test(path))
    .sort();
}

function walk(folder: string): string[] {
  const entries = readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));
}

/** Text of a file, by its path from the project's folder. */
export function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** A file as the compiler sees it. */
export function parse(path: string): ts.SourceFile {
  return ts.createSourceFile(path, read(path), ts.ScriptTarget.Latest, true);
}

/** Every node of a tree, outer ones first. */
export function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node;
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  for (const child of children) yield* nodesOf(child);
}
