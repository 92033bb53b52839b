import type { Sha } from '../lib/ids.ts';
import { noteOf, noteOfWords, notePath } from './conflict-note.ts';
import { wholeFileConflict, type ConflictLabels } from './conflict-text.ts';
import { isFile, viewConflict, type ConflictToShow, type View } from './conflict-view.ts';
import { readablePath, type ConflictSide } from './merge-tree.ts';
import { writeBlobs } from './objects.ts';
import type { Repository } from './repository.ts';
import { editTree, readTree, type TreeEntry } from './tree-edit.ts';

/**
 * Makes the tree of a conflict one where every conflict can be seen as markers (ruling R26). Git writes them
 * for conflicts of content only. A text which one side deleted becomes one whole conflict; of binary files and
 * symbolic links the new version is taken; these, and modes, submodules, renames and folders in the way of files, are
 * told in a file of their own, which has to be deleted like any marker.
 */
export async function showConflict(repository: Repository, shown: ConflictToShow): Promise<Sha> {
  const before = await readTree(repository, shown.merge.tree);
  const { entries, renamed } = withReadableNames(before, shown);
  const paths = groupSides(shown.merge.sides, renamed);
  const texts = await readTexts(repository, [
    ...[...paths].flatMap(([path, sides]) => [...sides.values(), entries.get(path)]),
  ]);
  const folders = foldersOf(entries.keys());
  const views = [...paths].map(([path, sides]) =>
    viewConflict({ path, sides, entry: entries.get(path), texts, folders, shown }),
  );
  const told = views.filter(({ told }) => told);
  if (told.length > 0) views.push(noteOf(told, entries, shown));
  // a folder that was taken apart is a conflict of no path at all: git's words are all there is of it
  if (views.every(({ put }) => put === undefined)) views.push(noteOfWords(entries, shown));
  return writeViews(repository, shown.merge.tree, { renamed, before, views });
}

function withReadableNames(
  before: ReadonlyMap<string, TreeEntry>,
  { ids, labels }: ConflictToShow,
): { entries: Map<string, TreeEntry>; renamed: Map<string, string> } {
  const names = new Map([
    [ids.ours, labels.ours],
    [ids.theirs, labels.theirs],
  ]);
  const entries = new Map<string, TreeEntry>();
  const renamed = new Map<string, string>();
  for (const [path, entry] of before) {
    const wanted = readablePath(path, names);
    const free = before.has(wanted) ? path : wanted;
    if (free !== path) renamed.set(path, free);
    entries.set(free, entry);
  }
  return { entries, renamed };
}

function foldersOf(paths: Iterable<string>): Set<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
      folders.add(path.slice(0, at));
    }
  }
  return folders;
}

function groupSides(
  sides: readonly ConflictSide[],
  renamed: ReadonlyMap<string, string>,
): Map<string, Map<1 | 2 | 3, ConflictSide>> {
  const paths = new Map<string, Map<1 | 2 | 3, ConflictSide>>();
  for (const side of sides) {
    const path = renamed.get(side.path) ?? side.path;
    const group = paths.get(path) ?? new Map<1 | 2 | 3, ConflictSide>();
    paths.set(path, group.set(side.stage, side));
  }
  return paths;
}

const MAX_TEXT_BYTES = 4 * 1024 * 1024; // nobody resolves more in an editor
const BINARY_LOOK_BYTES = 8000; // as git tells text from binary

/** Reads those objects that are text, as Latin-1. */
async function readTexts(
  repository: Repository,
  entries: readonly (TreeEntry | undefined)[],
): Promise<Map<Sha, string>> {
  const files = entries.filter((entry) => entry !== undefined).filter(isFile);
  const ids = [...new Set(files.map(({ id }) => id))];
  const texts = new Map<Sha, string>();
  for (const object of await repository.objects.read(ids)) {
    if (!object || object.content.length > MAX_TEXT_BYTES) continue;
    if (object.content.subarray(0, BINARY_LOOK_BYTES).includes(0)) continue;
    texts.set(object.id, object.content.toString('latin1'));
  }
  return texts;
}

async function writeViews(
  repository: Repository,
  tree: Sha,
  plan: {
    renamed: ReadonlyMap<string, string>;
    before: ReadonlyMap<string, TreeEntry>;
    views: readonly View[];
  },
): Promise<Sha> {
  const edits = new Map<string, TreeEntry | null>();
  for (const [from, to] of plan.renamed) {
    edits.set(from, null);
    edits.set(to, plan.before.get(from) ?? null);
  }
  const puts = plan.views.flatMap(({ path, put }) => (put ? [{ path, ...put }] : []));
  const texts = puts.filter(({ isId }) => !isId);
  const ids = await writeBlobs(
    repository,
    texts.map(({ content }) => Buffer.from(content, 'latin1')),
    tree,
  );
  const written = new Map(texts.map((put, n) => [put, ids[n]]));
  for (const put of puts) {
    edits.set(put.path, { mode: put.mode, id: written.get(put) ?? (put.content as Sha) });
  }
  return editTree(repository, tree, edits);
}

/** A tree that says the target has all of the change already: an empty commit would pass for a port. */
export async function showNothingToChange(
  repository: Repository,
  tree: Sha,
  labels: ConflictLabels,
): Promise<Sha> {
  const entries = await readTree(repository, tree);
  const path = notePath(entries);
  const content = wholeFileConflict(
    { ours: '', base: '', theirs: 'nothing left to change\n' },
    labels,
  );
  const put = { mode: '100644', content, isId: false };
  const views = [{ path, sides: new Map(), told: false, put }];
  return writeViews(repository, tree, { renamed: new Map(), before: entries, views });
}
