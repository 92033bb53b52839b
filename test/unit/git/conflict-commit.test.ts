import { describe, expect, it } from '@jest/globals';
import type { Sha } from '../../../src/lib/ids.ts';
import { aScratch, BOT, lines, PERSON, type File, type Scratch } from './scratch.ts';

type Files = Readonly<Record<string, File | null>>;

const labels = { ours: '18.0', base: 'common base', theirs: 'acme/app#7' };
const NOTE = 'unresolved-conflicts.txt';
const BINARY = Buffer.from([0x89, 0, 1, 2]);
const OTHER_BINARY = Buffer.from([0x89, 0, 3, 4]);
const THIRD_BINARY = Buffer.from([0x89, 0, 5, 6]);

/** Picks one change onto another, both made on the same base, as a conflict commit. */
async function conflictOf(scratch: Scratch, change: { base: Files; ours: Files; theirs: Files }) {
  const base = scratch.commit({ files: change.base });
  const onto = scratch.commit({ on: base, files: change.ours });
  const head = scratch.commit({ on: base, files: change.theirs });
  await scratch.fetched(onto, head);
  return make(scratch, onto, [head]);
}

async function make(scratch: Scratch, onto: Sha, commits: readonly Sha[]) {
  const signatures = { author: PERSON, committer: BOT };
  const plan = { onto, commits, labels, ...signatures, message: 'in conflict\n' };
  const made = await scratch.clone.conflictCommit(plan);
  if (made.kind !== 'made') throw new Error(JSON.stringify(made));
  const marked = await scratch.clone.hasConflictMarkers(made.commit);
  return { ...made, contents: scratch.files(made.commit), marked };
}

function whole(ours: string, theirs: string, base = ''): string {
  const head = `<<<<<<< 18.0\n${ours}||||||| common base\n${base}=======\n`;
  return `${head}${theirs}>>>>>>> acme/app#7\n`;
}

describe('a conflict commit', () => {
  it('shows both sides and the base of a text, with readable labels', async () => {
    await using scratch = await aScratch();
    const made = await conflictOf(scratch, {
      base: { a: lines() },
      ours: { a: lines({ 5: 'ours' }) },
      theirs: { a: lines({ 5: 'theirs' }) },
    });

    const parts = '<<<<<<< 18.0\nours\n||||||| common base\n5\n=======\ntheirs\n>>>>>>> acme/app#7';
    expect(made.contents).toEqual({ a: lines({ 5: parts }) });
    expect(made).toMatchObject({ files: ['a'], marked: true, clean: false });
  });

  it('squashes a series and keeps its signatures and one parent', async () => {
    await using scratch = await aScratch();
    const base = scratch.commit({ files: { a: lines() } });
    const onto = scratch.commit({ on: base, files: { a: lines({ 5: 'ours' }) } });
    const first = scratch.commit({ on: base, files: { a: lines({ 5: 'theirs' }) } });
    const second = scratch.commit({ on: first, files: { b: 'b' } });
    await scratch.fetched(onto, second);

    const made = await make(scratch, onto, [first, second]);

    expect(made.contents).toMatchObject({
      b: 'b',
      a: expect.stringContaining('theirs') as unknown,
    });
    const commit = await scratch.clone.commit(made.commit);
    expect(commit).toMatchObject({ parents: [onto], author: PERSON, committer: BOT });
  });

  it('brings back a file the target deleted, as one conflict', async () => {
    await using scratch = await aScratch();
    const made = await conflictOf(scratch, {
      base: { 'in/a': 'old\n', z: 'z' },
      ours: { 'in/a': null },
      theirs: { 'in/a': 'new\n' },
    });

    expect(made.contents).toEqual({ 'in/a': whole('', 'new\n', 'old\n'), z: 'z' });
    expect(made.marked).toBe(true);
  });

  it('keeps a file the pull request deletes, as one conflict', async () => {
    await using scratch = await aScratch();
    const made = await conflictOf(scratch, {
      base: { a: 'old\n' },
      ours: { a: 'changed' },
      theirs: { a: null },
    });

    expect(made.contents).toEqual({ a: whole('changed\n', '', 'old\n') });
  });

  it('shows a file renamed here and deleted there', async () => {
    await using scratch = await aScratch();
    const made = await conflictOf(scratch, {
      base: { a: lines() },
      ours: { a: null },
      theirs: { a: null, b: lines({ 12: 'x' }) },
    });

    expect(made.contents).toEqual({ b: whole('', lines({ 12: 'x' }), lines()) });
    expect(made.output).toContain('rename/delete');
  });

  it('shows a file renamed to two names', async () => {
    await using scratch = await aScratch();
    const made = await conflictOf(scratch, {
      base: { a: lines() },
      ours: { a: null, b: lines() },
      theirs: { a: null, c: lines() },
    });

    expect(made.contents).toMatchObject({ b: lines(), c: whole('', lines()) });
    expect(made.contents[NOTE]).toContain('a: file, mode 100644');
    expect(made.marked).toBe(true);
  });

  it('shows two files added under one name with an empty base', async () => {
    await using scratch = await aScratch();
    const made = await conflictOf(scratch, {
      base: { z: 'z' },
      ours: { a: 'ours\n' },
      theirs: { a: 'theirs\n' },
    });

    expect(made.contents['a']).toBe(whole('ours\n', 'theirs\n'));
  });

  it('takes the new version of a binary file and tells of it', async () => {
    await using scratch = await aScratch();
    const made = await conflictOf(scratch, {
      base: { 'x.png': BINARY },
      ours: { 'x.png': OTHER_BINARY },
      theirs: { 'x.png': THIRD_BINARY },
    });

    expect(made.contents['x.png']).toBe(THIRD_BINARY.toString());
    expect(made.contents[NOTE]).toMatch(/^<{7} 18\.0\nx\.png: file, mode 100644, blob \w{40}\n/m);
    expect(made.marked).toBe(true);
  });

  it('tells of a binary file deleted by the target', async () => {
    await using scratch = await aScratch();
    const made = await conflictOf(scratch, {
      base: { 'x.png': BINARY },
      ours: { 'x.png': null },
      theirs: { 'x.png': THIRD_BINARY },
    });

    expect(made.contents['x.png']).toBe(THIRD_BINARY.toString());
    expect(made.contents[NOTE]).toContain('x.png: not there');
    expect(made.marked).toBe(true);
  });

  it('tells of modes, links and submodules', async () => {
    await using scratch = await aScratch();
    const [one, two, three] = ['1', '2', '3'].map((digit) => digit.repeat(40)) as [
      string,
      string,
      string,
    ];
    const made = await conflictOf(scratch, {
      base: { link: { mode: '120000', content: 'a' }, sub: { mode: '160000', content: one } },
      ours: {
        link: { mode: '120000', content: 'b' },
        sub: { mode: '160000', content: two },
        tool: { mode: '100755', content: 'same\n' },
      },
      theirs: {
        link: { mode: '120000', content: 'c' },
        sub: { mode: '160000', content: three },
        tool: { mode: '100644', content: 'same\n' },
      },
    });

    expect(made.contents).toMatchObject({ link: '120000 c', sub: `160000 ${two}` });
    const note = made.contents[NOTE] ?? '';
    expect(note).toContain(`sub: submodule at ${three}`);
    expect(note).toContain('link: symbolic link, mode 120000');
    expect(note).toContain('tool: file, mode 100755');
    expect(made.marked).toBe(true);
  });

  it('shows a file where the other side has a folder, under a readable name', async () => {
    await using scratch = await aScratch();
    const made = await conflictOf(scratch, {
      base: { z: 'z' },
      ours: { 'a/b': 'in a folder\n' },
      theirs: { a: 'a file\n' },
    });

    expect(made.contents).toMatchObject({ 'a/b': 'in a folder\n' });
    expect(Object.keys(made.contents).join()).not.toMatch(/[0-9a-f]{40}/);
    expect(made.contents['a~acme_app_7']).toBe(whole('', 'a file\n'));
    expect(made.marked).toBe(true);
  });

  it('shows a file that became a link', async () => {
    await using scratch = await aScratch();
    const made = await conflictOf(scratch, {
      base: { a: lines() },
      ours: { a: lines({ 1: 'x' }) },
      theirs: { a: { mode: '120000', content: 'z' } },
    });

    expect(made.marked).toBe(true);
    expect(Object.values(made.contents)).toContain('120000 z');
    expect(Object.keys(made.contents).join()).not.toMatch(/[0-9a-f]{40}/);
  });

  it('is never an empty copy of the target', async () => {
    await using scratch = await aScratch();
    const same = { a: 'b' };
    const made = await conflictOf(scratch, { base: { a: 'a' }, ours: same, theirs: same });

    expect(made).toMatchObject({ clean: false, marked: true, files: [] });
    expect(made.contents[NOTE]).toBe(whole('', 'nothing left to change\n'));
  });

  it('is clean when the commits fit together, though one alone did not', async () => {
    await using scratch = await aScratch();
    const base = scratch.commit({ files: { a: lines() } });
    const onto = scratch.commit({ on: base, files: { a: lines({ 5: 'ours' }) } });
    const wrong = scratch.commit({ on: base, files: { a: lines({ 5: 'theirs' }) } });
    const undone = scratch.commit({ on: wrong, files: { a: lines(), b: 'b' } });
    await scratch.fetched(onto, undone);

    const made = await make(scratch, onto, [wrong, undone]);

    expect(made).toMatchObject({ clean: true, marked: false });
    expect(made.contents).toEqual({ a: lines({ 5: 'ours' }), b: 'b' });
  });

  it('lets its message quote the conflict', async () => {
    await using scratch = await aScratch();
    const base = scratch.commit({ files: { a: lines() } });
    const onto = scratch.commit({ on: base, files: { a: null } });
    const head = scratch.commit({ on: base, files: { a: lines({ 1: 'x' }) } });
    await scratch.fetched(onto, head);

    const made = await scratch.clone.conflictCommit({
      onto,
      commits: [head],
      labels,
      author: PERSON,
      committer: { ...BOT, email: '' },
      message: ({ files, output }) => `conflict in ${files.join()}\n\n${output}\n`,
    });

    if (made.kind !== 'made') throw new Error(JSON.stringify(made));
    const { message, committer } = await scratch.clone.commit(made.commit);
    expect(message).toContain('conflict in a\n\nCONFLICT (modify/delete): a deleted in 18.0');
    expect(committer.email).toBe('');
  });

  it('survives odd paths, bytes that are no UTF-8, and line ends of Windows', async () => {
    await using scratch = await aScratch();
    const odd = 'tab\there "quoted"\nsecond line';
    const made = await conflictOf(scratch, {
      base: { [odd]: 'x\r\n', l: Buffer.from('\xe9\n', 'latin1') },
      ours: { [odd]: 'y\r\n', l: Buffer.from('\xe8\n', 'latin1') },
      theirs: { [odd]: 'z\r\n', l: Buffer.from('\xea\n', 'latin1') },
    });

    expect(made.files).toContain('"tab\\there \\"quoted\\"\\nsecond line"');
    expect(made.contents[odd]).toMatch(/^<{7} 18\.0\r\ny\r\n/);
    expect(made.marked).toBe(true);
  });
});
