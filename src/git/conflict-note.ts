import { latin1, wholeFileConflict, type ConflictLabels } from './conflict-text.ts';
import { isSubmodule, type ConflictToShow, type Sides, type View } from './conflict-view.ts';
import { pathOf } from './text.ts';
import type { TreeEntry } from './tree-edit.ts';

/** Name of the file that tells of conflicts which cannot be shown inside the files they are about. */
const NOTE_NAME = 'unresolved-conflicts.txt';

/** The file which tells of the conflicts that cannot be seen where they are. */
export function noteOf(
  views: readonly View[],
  entries: ReadonlyMap<string, TreeEntry>,
  shown: ConflictToShow,
): View {
  const path = notePath(entries);
  const parts = views.map(({ path: at, sides }) => tell(at, sides, shown.labels));
  const content = [latin1Lines(shown.output), ...parts].join('\n');
  return { path, sides: new Map(), told: false, put: { mode: '100644', content, isId: false } };
}

/** The same file for a conflict that git tells of without naming anything in the tree. */
export function noteOfWords(
  entries: ReadonlyMap<string, TreeEntry>,
  { output, labels }: ConflictToShow,
): View {
  const words = latin1Lines(output === '' ? 'git names no file\n' : output);
  const content = wholeFileConflict({ ours: '', base: '', theirs: words }, labels);
  const put = { mode: '100644', content, isId: false };
  return { path: notePath(entries), sides: new Map(), told: false, put };
}

/** A name for that file which the tree does not have. */
export function notePath(entries: ReadonlyMap<string, TreeEntry>): string {
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
