import { describe, expect, it } from '@jest/globals';
import { aScratch, BOT, lines, PERSON, type File } from './scratch.ts';

type Files = Readonly<Record<string, File | null>>;

interface Row {
  /** What git calls it. */
  readonly says: string;
  readonly base: Files;
  readonly ours: Files;
  readonly theirs: Files;
}

const labels = { ours: '18.0', base: 'base', theirs: 'acme/app#7' };
const text = (mark: string): string => lines({ 5: mark });
const long = (name: string): string =>
  Array.from({ length: 20 }, (_, n) => `${name} line ${n}\n`).join('');
const folder = Object.fromEntries(
  ['a', 'b', 'c', 'd'].map((name) => [`src/${name}`, long(name)] as const),
);
const moved = (to: (name: string, n: number) => string): Files =>
  Object.fromEntries(
    ['a', 'b', 'c', 'd'].flatMap((name, n) => [
      [`src/${name}`, null] as const,
      [to(name, n), long(name)] as const,
    ]),
  );
const submodule = (digit: string): File => ({ mode: '160000', content: digit.repeat(40) });
const link = (to: string): File => ({ mode: '120000', content: to });

/** Every kind of conflict `git merge-tree` knows (git 2.39 to 2.50, merge-ort.c), both ways round where that differs. */
const ROWS: Readonly<Record<string, Row>> = {
  'a text changed on both sides': {
    says: 'content',
    base: { f: text('1') },
    ours: { f: text('2') },
    theirs: { f: text('3') },
  },
  'a text added on both sides': {
    says: 'add/add',
    base: { z: 'z' },
    ours: { f: 'ours\n' },
    theirs: { f: 'theirs\n' },
  },
  'a binary file changed on both sides': {
    says: 'content',
    base: { f: Buffer.from([0, 1]) },
    ours: { f: Buffer.from([0, 2]) },
    theirs: { f: Buffer.from([0, 3]) },
  },
  'a change of what is deleted here': {
    says: 'modify/delete',
    base: { f: text('1') },
    ours: { f: null },
    theirs: { f: text('2') },
  },
  'a deletion of what is changed here': {
    says: 'modify/delete',
    base: { f: text('1') },
    ours: { f: text('2') },
    theirs: { f: null },
  },
  'a rename of what is deleted here': {
    says: 'rename/delete',
    base: { f: long('f') },
    ours: { f: null },
    theirs: { f: null, g: long('f') },
  },
  'a deletion of what is renamed here': {
    says: 'rename/delete',
    base: { f: long('f') },
    ours: { f: null, g: long('f') },
    theirs: { f: null },
  },
  'one file renamed to two names': {
    says: 'rename/rename',
    base: { f: long('f') },
    ours: { f: null, g: long('f') },
    theirs: { f: null, h: long('f') },
  },
  'two files renamed to one name': {
    says: 'add/add',
    base: { f: long('f'), g: long('g') },
    ours: { f: null, h: long('f') },
    theirs: { g: null, h: long('g') },
  },
  'a file renamed to a name that is added here': {
    says: 'add/add',
    base: { f: long('f') },
    ours: { g: 'own\n' },
    theirs: { f: null, g: long('f') },
  },
  'a file where a folder is': {
    says: 'file/directory',
    base: { z: 'z' },
    ours: { 'f/g': 'g\n' },
    theirs: { f: 'f\n' },
  },
  'a folder where a file is': {
    says: 'file/directory',
    base: { z: 'z' },
    ours: { f: 'f\n' },
    theirs: { 'f/g': 'g\n' },
  },
  'a file that became a link, changed here': {
    says: 'distinct types',
    base: { f: long('f') },
    ours: { f: `${long('f')}more\n` },
    theirs: { f: link('z') },
  },
  'a link changed on both sides': {
    says: 'content',
    base: { f: link('1') },
    ours: { f: link('2') },
    theirs: { f: link('3') },
  },
  'modes that differ': {
    says: 'add/add',
    base: { z: 'z' },
    ours: { f: { mode: '100755', content: 'f\n' } },
    theirs: { f: 'f\n' },
  },
  'a submodule moved on both sides': {
    says: 'submodule',
    base: { f: submodule('1') },
    ours: { f: submodule('2') },
    theirs: { f: submodule('3') },
  },
  'a file added to a folder that is renamed here': {
    says: 'file location',
    base: folder,
    ours: moved((name) => `lib/${name}`),
    theirs: { 'src/new': 'new\n' },
  },
  'a folder renamed to which a file is added here': {
    says: 'file location',
    base: folder,
    ours: { 'src/new': 'new\n' },
    theirs: moved((name) => `lib/${name}`),
  },
  'a file added to a folder that is taken apart here': {
    says: 'directory rename split',
    base: folder,
    ours: moved((name, n) => `${n % 2 ? 'lib' : 'pkg'}/${name}`),
    theirs: { 'src/new': 'new\n' },
  },
  'a file added to a renamed folder where its name is taken': {
    says: 'file location',
    base: folder,
    ours: { ...moved((name) => `lib/${name}`), 'lib/new': 'own\n' },
    theirs: { 'src/new': 'new\n' },
  },
};

describe('a conflict', () => {
  it('may be in thousands of files at once (forwardport spec 7)', async () => {
    await using scratch = await aScratch();
    const files = (content: string | null) =>
      Object.fromEntries(Array.from({ length: 2000 }, (_, n) => [`d${n % 50}/f${n}`, content]));
    const base = scratch.commit({ files: files('old\n') });
    const onto = scratch.commit({ on: base, files: files(null) });
    const head = scratch.commit({ on: base, files: files('new\n') });
    await scratch.fetched(onto, head);
    const signatures = { author: PERSON, committer: BOT };
    const plan = { onto, commits: [head], labels, message: 'x\n', ...signatures };
    const made = await scratch.clone.conflictCommit(plan);
    if (made.kind !== 'made') throw new Error(JSON.stringify(made));
    expect(made.files).toHaveLength(2000);
    const found = scratch.inClone('grep', '-lE', '^<{7} 18.0', made.commit).split('\n');
    expect(found).toHaveLength(2000);
  });
});

describe('a conflict of any kind', () => {
  it.each(Object.entries(ROWS))('can be seen in the tree: %s (R26)', async (_name, row) => {
    await using scratch = await aScratch();
    const base = scratch.commit({ files: row.base });
    const onto = scratch.commit({ on: base, files: row.ours });
    const head = scratch.commit({ on: base, files: row.theirs });
    await scratch.fetched(onto, head);
    const signatures = { author: PERSON, committer: BOT };
    const plan = { onto, commits: [head], labels, message: 'x\n', ...signatures };
    const made = await scratch.clone.conflictCommit(plan);
    if (made.kind !== 'made') throw new Error(JSON.stringify(made));
    expect(made.output).toContain(`CONFLICT (${row.says})`);
    expect(await scratch.clone.hasConflictMarkers(made.commit)).toBe(true);
    const names = scratch.inClone('ls-tree', '-r', '--name-only', made.commit);
    expect(names).not.toMatch(/[0-9a-f]{40}/);
  });
});
