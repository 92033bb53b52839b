import type { Sha } from '../lib/ids.ts';
import { relabelMarkers, wholeFileConflict } from './conflict-text.ts';
import type { ConflictLabels, MergedIds } from './conflict-text.ts';
import type { ConflictSide, TreeMerge } from './merge-tree.ts';
import type { TreeEntry } from './tree-edit.ts';

/** A conflict to be made visible. */
export interface ConflictToShow {
  readonly merge: Extract<TreeMerge, { kind: 'conflict' }>;
  readonly ids: MergedIds;
  readonly labels: ConflictLabels;
  readonly output: string;
}

/** Sides of one path by stage. */
export type Sides = ReadonlyMap<1 | 2 | 3, ConflictSide>;

/** How a conflict on one path is to be seen. */
export interface View {
  readonly path: string;
  readonly sides: Sides;
  /** New content as Latin-1, or an object that is there already; neither: stays as git left it. */
  readonly put?: { readonly mode: string; readonly content: string | Sha; readonly isId: boolean };
  /** Not visible where it is: must be told of. */
  readonly told: boolean;
}

/** What decides how a conflict can be seen. Paths and texts as Latin-1. */
export interface ViewContext {
  readonly path: string;
  readonly sides: Sides;
  readonly entry: TreeEntry | undefined;
  /** All folders of the tree. */
  readonly folders: ReadonlySet<string>;
  readonly texts: ReadonlyMap<Sha, string>;
  readonly shown: ConflictToShow;
}

/** Chooses how to show the conflict on one path. */
export function viewConflict(context: ViewContext): View {
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
  const { path, sides, texts, folders, shown } = context;
  const [ours, theirs] = [sides.get(2), sides.get(3)];
  const only = ours && theirs ? undefined : (theirs ?? (sides.has(1) ? ours : undefined));
  if (!only || !isFile(only) || folders.has(path)) return null;
  const text = texts.get(only.id);
  if (text === undefined) return null;
  const before = sides.get(1);
  const base = before && isFile(before) ? texts.get(before.id) : undefined;
  const parts = only === theirs ? { ours: '', theirs: text } : { ours: text, theirs: '' };
  const content = wholeFileConflict({ ...parts, base: base ?? '' }, shown.labels);
  return { path, sides, put: { mode: only.mode, content, isId: false }, told: false };
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

/** Tells whether an entry is a regular file, executable or not. */
export function isFile({ mode }: TreeEntry): boolean {
  return mode.startsWith('100');
}

/** Tells whether an entry is the commit of another repository. */
export function isSubmodule({ mode }: TreeEntry): boolean {
  return mode === '160000';
}
