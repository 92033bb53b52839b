import type { Sha } from '../lib/ids.ts';
import { latin1, relabelMarkers, wholeFileConflict } from './conflict-text.ts';
import type { ConflictLabels, MergedIds } from './conflict-text.ts';
import { readablePath, type ConflictSide, type TreeMerge } from './merge-tree.ts';
import { writeBlobs } from './objects.ts';
import type { Repository } from './repository.ts';
import { pathOf } from './text.ts';
import { editTree, readTree, type TreeEntry } from './tree-edit.ts';

/** A conflict to be made visible. */
export interface ConflictToShow {
  readonly merge: Extract<TreeMerge, { kind: 'conflict' }>;
  readonly ids: MergedIds;
  readonly labels: ConflictLabels;
  readonly output: string;
}

/** Name of the file that tells of conflicts which cannot be shown inside the files they are about. */
const NOTE_NAME = 'unresolved-conflicts.txt';

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
  const views = [...paths].map(([path, sides]) =>
    view({ path, sides, entry: entries.get(path), texts, entries, shown }),
  );
  const told = views.filter(({ told }) => told);
  if (told.length > 0) views.push(note(told, entries, shown));
  return writeViews(repository, shown.merge.tree, { renamed, before, views });
}

/** Sides of one path by stage. */
type Sides = ReadonlyMap<1 | 2 | 3, ConflictSide>;

interface View {
  readonly path: string;
  readonly sides: Sides;
  /** New content as Latin-1, or an object that is there already; neither: stays as git left it. */
  readonly put?: { readonly mode: string; readonly content: string | Sha; readonly isId: boolean };
  /** Not visible where it is: must be told of. */
  readonly told: boolean;
}

interface ViewContext {
  readonly path: string;
  readonly sides: Sides;
  readonly entry: TreeEntry | undefined;
  readonly entries: ReadonlyMap<string, TreeEntry>;
  readonly texts: ReadonlyMap<Sha, string>;
  readonly shown: ConflictToShow;
}

function view(context: ViewContext): View {
  const { path, sides, entry, texts, shown } = context;
  const text = entry && isFile(entry) ? texts.get(entry.id) : undefined;
  const marked = text === undefined ? null : relabelMarkers(text, shown.ids, shown.labels);
  if (entry && marked !== null) {
    const modesDiffer = sides.get(2)?.mode !== sides.get(3)?.mode && sides.has(2) && sides.has(3);
    return {
      path,
      sides,
      put: { mode: entry.mode, content: marked, isId: false },
      told: modesDiffer,
    };
  }
  return oneSided(context) ?? twoSided(context);
}

/** One side took the file away, or only one side has it here: the text of the other, as one conflict. */
function oneSided(context: ViewContext): View | null {
  const { path, sides, texts, shown } = context;
  const [ours, theirs] = [sides.get(2), sides.get(3)];
  const only = ours && theirs ? undefined : (theirs ?? (sides.has(1) ? ours : undefined));
  if (!only || !isFile(only) || hasFolderAt(context)) return null;
  const text = texts.get(only.id);
  if (text === undefined) return null;
  const parts = only === theirs ? { ours: '', theirs: text } : { ours: text, theirs: '' };
  const content = wholeFileConflict(parts, shown.labels);
  return { path, sides, put: { mode: only.mode, content, isId: false }, told: false };
}

function hasFolderAt({ path, entries }: ViewContext): boolean {
  const inside = `${path}/`;
  for (const other of entries.keys()) if (other.startsWith(inside)) return true;
  return false;
}

/** Both sides have something markers cannot go into: the new version, so that the change is there. */
function twoSided({ path, sides, entry }: ViewContext): View {
  const [ours, theirs] = [sides.get(2), sides.get(3)];
  const replaceable = ours && theirs && ours.mode.slice(0, 3) === theirs.mode.slice(0, 3);
  if (!entry || !replaceable || entry.id !== ours.id || isSubmodule(ours)) {
    return { path, sides, told: true };
  }
  return { path, sides, put: { mode: theirs.mode, content: theirs.id, isId: true }, told: true };
}

function isFile({ mode }: TreeEntry): boolean {
  return mode.startsWith('100');
}

function isSubmodule({ mode }: TreeEntry): boolean {
  return mode === '160000';
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

/** The file which tells of the conflicts that cannot be seen where they are. */
function note(
  views: readonly View[],
  entries: ReadonlyMap<string, TreeEntry>,
  shown: ConflictToShow,
): View {
  const path = notePath(entries);
  const parts = views.map(({ path: at, sides }) => tell(at, sides, shown.labels));
  const content = [latin1Lines(shown.output), ...parts].join('\n');
  return { path, sides: new Map(), told: false, put: { mode: '100644', content, isId: false } };
}

function notePath(entries: ReadonlyMap<string, TreeEntry>): string {
  let path = NOTE_NAME;
  for (let n = 2; entries.has(path); n += 1) path = `${n}-${NOTE_NAME}`;
  return path;
}

function tell(path: string, sides: Sides, labels: ConflictLabels): string {
  const line = (stage: 1 | 2 | 3): string => {
    const side = sides.get(stage);
    return latin1(`${pathOf(path)}: ${side ? describe(side) : 'not there'}`);
  };
  return [
    `<<<<<<< ${latin1(labels.ours)}`,
    line(2),
    `||||||| ${latin1(labels.base)}`,
    line(1),
    '=======',
    line(3),
    `>>>>>>> ${latin1(labels.theirs)}`,
    '',
  ].join('\n');
}

function describe({ mode, id }: TreeEntry): string {
  if (isSubmodule({ mode, id })) return `submodule at ${id}`;
  const what = mode === '120000' ? 'symbolic link' : 'file';
  return `${what}, mode ${mode}, blob ${id}`;
}

function latin1Lines(text: string): string {
  return text === '' ? '' : `${text.split('\n').map(latin1).join('\n')}\n`;
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
  const content = wholeFileConflict({ ours: '', theirs: 'nothing left to change\n' }, labels);
  const put = { mode: '100644', content, isId: false };
  const views = [{ path, sides: new Map(), told: false, put }];
  return writeViews(repository, tree, { renamed: new Map(), before: entries, views });
}
