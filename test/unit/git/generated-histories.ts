import fc from 'fast-check';
import type { File, NewCommit } from './scratch.ts';

/** Content of a tree by path. */
type Tree = Map<string, File>;

/** One thing people do to files. Paths are chosen by number, so that an operation fits every tree. */
type Operation =
  | { do: 'edit'; file: number; line: number; text: string }
  | { do: 'delete' | 'toggle-mode' | 'to-link'; file: number }
  | { do: 'binary'; file: number; seed: number }
  | { do: 'rename'; file: number; to: string; line: number }
  | { do: 'move-folder'; from: string; to: string }
  | { do: 'add'; path: string; text: string };

/** A common base, what the target did to it, and what the pull request did. */
export interface History {
  attributes: string;
  targetAttributes: string | null;
  ours: Operation[];
  theirs: Operation[];
}

const FOLDERS = ['src', 'src/deep', 'doc', 'new'];
const NAMES = ['a.txt', 'b.txt', 'c.log', 'd.bin'];
const paths = fc.oneof(
  fc.tuple(fc.constantFrom(...FOLDERS), fc.constantFrom(...NAMES, 'e.txt')).map((p) => p.join('/')),
  fc.constantFrom('top', 'src', 'doc', 'new.txt'), // some where a folder may be
);
const file = fc.nat(40);
const line = fc.nat(11);
const text = fc.constantFrom('one', 'two', 'three');

const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('edit' as const), file, line, text }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('delete', 'toggle-mode', 'to-link'), file }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('binary' as const), file, seed: fc.nat(3) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('rename' as const), file, to: paths, line }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('move-folder' as const),
      from: fc.constantFrom(...FOLDERS),
      to: fc.constantFrom(...FOLDERS),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('add' as const), path: paths, text }) },
);

const attributes = fc.constantFrom(
  '',
  '',
  '*.log merge=union\n',
  '*.txt -merge\n',
  '*.txt merge=binary\ndoc/* merge\n',
  'src/** merge=union\n*.bin -text\n',
  '*.txt binary\nsrc/deep/* merge=text\n',
);

/** Histories in which files are edited, moved, deleted, made executable, binary or links, under merge attributes. */
export const histories: fc.Arbitrary<History> = fc.record({
  attributes,
  targetAttributes: fc.option(attributes, { nil: null, freq: 3 }),
  ours: fc.array(operation, { minLength: 1, maxLength: 5 }),
  theirs: fc.array(operation, { minLength: 1, maxLength: 5 }),
});

/** The three commits of a history, as differences from nothing, base and base. */
export function commitsOf(history: History): Record<'base' | 'ours' | 'theirs', NewCommit> {
  const base = baseTree(history);
  const ours = apply(base, history.ours);
  if (history.targetAttributes !== null) ours.set('.gitattributes', history.targetAttributes);
  const theirs = apply(base, history.theirs);
  return {
    base: { files: Object.fromEntries(base) },
    ours: { files: difference(base, ours) },
    theirs: { files: difference(base, theirs) },
  };
}

function baseTree(history: History): Tree {
  const tree: Tree = new Map();
  for (const folder of FOLDERS.slice(0, 3)) {
    for (const name of NAMES) tree.set(`${folder}/${name}`, longText(`${folder} ${name}`));
  }
  if (history.attributes !== '') tree.set('.gitattributes', history.attributes);
  return tree;
}

/** Long and unlike any other, so that a rename is seen as one. */
function longText(name: string): string {
  return Array.from({ length: 12 }, (_, n) => `${name} line ${n}\n`).join('');
}

function apply(base: Tree, operations: readonly Operation[]): Tree {
  const tree: Tree = new Map(base);
  for (const operation of operations) perform(tree, operation);
  return tree;
}

function perform(tree: Tree, operation: Operation): void {
  switch (operation.do) {
    case 'move-folder': {
      moveFolder(tree, operation);
      return;
    }
    case 'add': {
      put(tree, operation.path, `${operation.text}\n`);
      return;
    }
    default: {
      change(tree, operation);
      return;
    }
  }
}

type Change = Exclude<Operation, { do: 'move-folder' | 'add' }>;

function change(tree: Tree, operation: Change): void {
  // The pull request never touches attributes here: cherry-pick would obey it where we must not (R33).
  const known = [...tree.keys()].filter((path) => path !== '.gitattributes').sort();
  const path = known[operation.file % Math.max(known.length, 1)];
  if (path === undefined) return;
  const old = tree.get(path) ?? '';
  tree.delete(path);
  switch (operation.do) {
    case 'delete':
      return;
    case 'edit': {
      put(tree, path, edited(old, operation.line, operation.text));
      return;
    }
    case 'rename': {
      put(tree, operation.to, edited(old, operation.line, 'renamed'));
      return;
    }
    case 'toggle-mode': {
      put(tree, path, toggled(old));
      return;
    }
    case 'to-link': {
      put(tree, path, { mode: '120000', content: 'somewhere' });
      return;
    }
    case 'binary': {
      put(tree, path, Buffer.from([0, operation.seed, 0]));
      return;
    }
  }
}

function put(tree: Tree, path: string, file: File): void {
  for (const other of tree.keys()) {
    if (other.startsWith(`${path}/`) || path.startsWith(`${other}/`)) tree.delete(other);
  }
  tree.set(path, file);
}

function moveFolder(tree: Tree, { from, to }: { from: string; to: string }): void {
  for (const [path, file] of [...tree]) {
    if (!path.startsWith(`${from}/`) || `${to}/`.startsWith(`${from}/`)) continue;
    tree.delete(path);
    put(tree, `${to}/${path.slice(from.length + 1)}`, file);
  }
}

function edited(old: File, line: number, text: string): File {
  if (typeof old !== 'string') return old;
  return old
    .split('\n')
    .with(Math.min(line, old.split('\n').length - 1), text)
    .join('\n');
}

function toggled(old: File): File {
  if (typeof old === 'string') return { mode: '100755', content: old };
  return 'mode' in old && typeof old.content === 'string' ? old.content : old;
}

function difference(from: Tree, to: Tree): Record<string, File | null> {
  const gone = [...from.keys()]
    .filter((path) => !to.has(path))
    .map((path) => [path, null] as const);
  const come = [...to].filter(([path, file]) => from.get(path) !== file);
  return Object.fromEntries([...gone, ...come]);
}
