import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { sha } from '../../../src/lib/ids.ts';
import type { Sha } from '../../../src/lib/ids.ts';
import { BOT, aScratch, git, lines, PERSON } from './scratch.ts';
import type { Scratch } from './scratch.ts';

type Entry = readonly [mode: string, name: string | Buffer, id: string];

const blob = (scratch: Scratch, text: string | Buffer): string =>
  git(scratch.origin, ['hash-object', '-w', '--stdin'], text).toString().trim();

/** A tree exactly as given, in this order, whatever git would say of it. */
function rawTree(scratch: Scratch, entries: readonly Entry[]): string {
  const bytes = entries.map(([mode, name, id]) =>
    Buffer.concat([
      Buffer.from(`${mode} `),
      Buffer.from(name),
      Buffer.from([0]),
      Buffer.from(id, 'hex'),
    ]),
  );
  const write = ['hash-object', '-t', 'tree', '--literally', '-w', '--stdin'];
  return git(scratch.origin, write, Buffer.concat(bytes)).toString().trim();
}

/** A commit exactly as given. */
function rawCommit(scratch: Scratch, tree: string, head: string): Sha {
  const write = ['hash-object', '-t', 'commit', '--literally', '-w', '--stdin'];
  return sha(git(scratch.origin, write, `tree ${tree}\n${head}`).toString().trim());
}

const person = `${PERSON.name} <${PERSON.email}> ${PERSON.date}`;
const signed = `author ${person}\ncommitter ${person}\n`;

describe('a pull request is refused when it brings', () => {
  it.each<[string, (scratch: Scratch, file: string) => string]>([
    [
      'B-076 .git',
      (s, f) => rawTree(s, [['40000', '.git', rawTree(s, [['100644', 'config', f]])]]),
    ],
    ['B-076 .GIT', (s, f) => rawTree(s, [['100644', '.GIT', f]])],
    ['B-076 git~1', (s, f) => rawTree(s, [['100644', 'git~1', f]])],
    ['B-076 .git with an invisible letter', (s, f) => rawTree(s, [['100644', '.g\u200cit', f]])],
    ['B-076 ..', (s, f) => rawTree(s, [['40000', '..', rawTree(s, [['100644', 'a', f]])]])],
    ['B-076 .', (s, f) => rawTree(s, [['40000', '.', rawTree(s, [['100644', 'a', f]])]])],
    ['B-077 a name with a slash', (s, f) => rawTree(s, [['100644', 'a/b', f]])],
    ['B-077 a name from the root', (s, f) => rawTree(s, [['100644', '/abs', f]])],
    [
      'B-078 a name twice',
      (s, f) =>
        rawTree(s, [
          ['100644', 'a', f],
          ['100644', 'a', f],
        ]),
    ],
    [
      'B-078 names out of order',
      (s, f) =>
        rawTree(s, [
          ['100644', 'b', f],
          ['100644', 'a', f],
        ]),
    ],
    ['B-080 .gitmodules as a link', (s, f) => rawTree(s, [['120000', '.gitmodules', f]])],
    [
      'B-081 attributes in lines too long to be read',
      (s) => rawTree(s, [['100644', '.gitattributes', blob(s, `${'x'.repeat(5_000)} -text\n`)]]),
    ],
    ...['-u./payload', 'ext::sh -c touch% pwned', '--upload-pack=touch pwned'].map(
      (url): [string, (scratch: Scratch) => string] => [
        `B-079 a submodule at ${url}`,
        (s) => {
          const text = `[submodule "x"]\n\tpath = x\n\turl = ${url}\n`;
          return rawTree(s, [['100644', '.gitmodules', blob(s, text)]]);
        },
      ],
    ),
  ])('%s', async (name, tree) => {
    await using scratch = await aScratch();
    const made = tree(scratch, blob(scratch, 'x\n'));
    const commit = rawCommit(scratch, made, `${signed}\nhostile\n`);
    scratch.branch('evil', commit);
    const outcome = await scratch.clone.fetch({ shas: [commit] });
    if (name.includes('ext::')) {
      // Nothing here ever reads the address of a submodule; git itself refuses what could be an option.
      expect(['refused', 'fetched']).toContain(outcome.kind);
    } else expect(outcome).toMatchObject({ kind: 'refused', what: [commit] });
    expect(existsSync(join(scratch.folder, 'pwned'))).toBe(false);
  });

  it('B-078 a NUL in the head of its commit', async () => {
    await using scratch = await aScratch();
    const tree = rawTree(scratch, [['100644', 'a', blob(scratch, 'x\n')]]);
    const commit = rawCommit(
      scratch,
      tree,
      `author A\0B <a@b> 1 +0000\ncommitter ${person}\n\nx\n`,
    );
    scratch.branch('evil', commit);
    expect(await scratch.clone.fetch({ shas: [commit] })).toMatchObject({ kind: 'refused' });
  });
});

describe('a merge takes as it is', () => {
  /** Merges what `files` say onto a target that changed another file. @returns files of the result. */
  async function merged(
    scratch: Scratch,
    files: Parameters<Scratch['commit']>[0] & object,
  ): Promise<Record<string, string>> {
    const base = scratch.commit({ files: { a: lines() } });
    const onto = scratch.commit({ on: base, files: { a: lines({ 1: 'x' }) } });
    const head = scratch.commit({ ...files, on: base });
    await scratch.fetched(onto, head);
    const signature = { author: BOT, committer: BOT };
    const outcome = await scratch.clone.merge({ onto, head, message: 'Merge\n', ...signature });
    if (outcome.kind !== 'merged') throw new Error(JSON.stringify(outcome));
    return scratch.files(outcome.commit);
  }

  it.each<[string, string, { mode: string; content: string }, string]>([
    [
      'B-080 a link out of the repository',
      'l',
      { mode: '120000', content: '/etc/passwd' },
      '120000 /etc/passwd',
    ],
    [
      'B-080 a link into .git',
      'l',
      { mode: '120000', content: '.git/config' },
      '120000 .git/config',
    ],
    ['B-091 a change of mode alone', 'x', { mode: '100755', content: 'x' }, '100755 x'],
    [
      'B-091 a submodule',
      's',
      { mode: '160000', content: 'a'.repeat(40) },
      `160000 ${'a'.repeat(40)}`,
    ],
    [
      'B-091 a pointer of LFS',
      'big',
      {
        mode: '100644',
        content: 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n',
      },
      'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n',
    ],
    ['B-090 a path with a line end', 'a\nb', { mode: '100644', content: 'x' }, 'x'],
    ['B-090 a path with quotation marks', 'a"b\\c', { mode: '100644', content: 'x' }, 'x'],
    ['B-090 a name Windows keeps for itself', 'CON', { mode: '100644', content: 'x' }, 'x'],
    ['B-090 a name that ends in a dot', 'dot.', { mode: '100644', content: 'x' }, 'x'],
    ['B-090 a path that differs in case alone', 'A', { mode: '100644', content: 'x' }, 'x'],
    ['B-090 a path of 4,000 bytes', `${'d/'.repeat(2000)}f`, { mode: '100644', content: 'x' }, 'x'],
    ['B-062 a path like an option', '--output=x', { mode: '100644', content: 'x' }, 'x'],
  ])('%s', async (_name, path, file, expected) => {
    await using scratch = await aScratch();
    expect(await merged(scratch, { files: { [path]: file } })).toMatchObject({ [path]: expected });
  });

  it('B-081 attributes of a pull request, without obeying them', async () => {
    await using scratch = await aScratch();
    const base = scratch.commit({ files: { a: lines() } });
    const onto = scratch.commit({ on: base, files: { a: lines({ 3: 'ours' }) } });
    const attributes = '* merge=union filter=evil diff=evil\n';
    const files = { a: lines({ 3: 'theirs' }), '.gitattributes': attributes };
    const head = scratch.commit({ on: base, files });
    await scratch.fetched(onto, head);
    const outcome = await scratch.clone.mergeTree({ onto, head });
    expect(outcome).toMatchObject({ kind: 'conflict', files: ['a'] });
  });

  it('B-087 a commit that claims to be the bot’s, as somebody’s', async () => {
    await using scratch = await aScratch();
    const base = scratch.commit({ files: { a: lines() } });
    const forged = `${BOT.name} <${BOT.email}> ${BOT.date}`;
    const head = scratch.commit({ on: base, author: forged, committer: forged, files: { b: 'x' } });
    await scratch.fetched(head);
    expect(await scratch.clone.commit(head)).toMatchObject({ author: { name: BOT.name } });
  });

  it.each([
    ['B-084 no name of an author', ` <a@b.test> 1700000000 +0000`],
    ['B-084 an author that is a dot', `. <> 1700000000 +0000`],
    ['B-084 an author of 100,000 letters', `${'x'.repeat(100_000)} <a@b.test> 1700000000 +0000`],
    ['B-085 a date beyond all times', `A <a@b.test> 99999999999999 +0000`],
    ['B-085 a zone that is none', `A <a@b.test> 1700000000 +9999`],
  ])('%s: the copy is a commit git takes', async (_name, author) => {
    await using scratch = await aScratch();
    const base = scratch.commit({ files: { a: lines() } });
    const onto = scratch.commit({ on: base, files: { a: lines({ 1: 'x' }) } });
    const tree = rawTree(scratch, [
      ['100644', 'a', blob(scratch, lines())],
      ['100644', 'b', blob(scratch, 'x\n')],
    ]);
    const head = rawCommit(
      scratch,
      tree,
      `parent ${base}\nauthor ${author}\ncommitter ${person}\n\nx\n`,
    );
    scratch.branch('odd', head);
    await scratch.fetched(onto, head);
    const plan = { onto, commits: [head], committerDate: BOT.date };
    const outcome = await scratch.clone.pick(plan);
    if (outcome.kind !== 'picked') throw new Error(JSON.stringify(outcome));
    expect(scratch.inClone('fsck', '--strict', '--no-dangling', outcome.head)).not.toMatch(/error/);
    expect(scratch.files(outcome.head)).toHaveProperty('b');
  });

  it.each<[string, Buffer]>([
    ['B-086 a message of a megabyte', Buffer.from(`big\n\n${'x'.repeat(1_100_000)}\n`)],
    ['B-086 a message that is no UTF-8', Buffer.from([0x66, 0xff, 0xfe, 0x0a])],
    ['B-086 a message of lines like comments', Buffer.from('# nothing\n\n# else\r\n')],
  ])('%s, in a copy', async (_name, message) => {
    await using scratch = await aScratch();
    const base = scratch.commit({ files: { a: lines() } });
    const onto = scratch.commit({ on: base, files: { a: lines({ 1: 'x' }) } });
    const head = scratch.commit({ on: base, message, files: { b: 'x' } });
    await scratch.fetched(onto, head);
    const outcome = await scratch.clone.pick({ onto, commits: [head], committerDate: BOT.date });
    expect(outcome).toMatchObject({ kind: 'picked' });
  });
});

describe('a name of a branch', () => {
  it.each([
    'refs/heads/main',
    'HEAD',
    '@',
    'main',
    '0123456789abcdef0123456789abcdef01234567',
    '-b',
    '--upload-pack=touch pwned',
    '-oProxyCommand=touch',
    '🚂',
    '\u202egnp.evil',
    `x${'y'.repeat(200)}`,
  ])('B-062 B-063 B-065 %j is itself and nothing else', async (name) => {
    await using scratch = await aScratch();
    const [right, wrong] = [scratch.commit({ files: { a: 'right' } }), scratch.commit()];
    const isName = !name.includes(' ') && name !== '@'; // these two git itself lets nobody make
    for (const ref of [`refs/tags/${name}`, 'refs/heads/other'])
      if (isName) scratch.git('update-ref', ref, wrong);
    if (isName) scratch.git('update-ref', `refs/heads/${name}`, right);
    const outcome = await scratch.clone.fetch({ branches: [name] });
    if (isName) expect(outcome).toMatchObject({ kind: 'fetched', heads: new Map([[name, right]]) });
    else expect(outcome).toEqual({ kind: 'missing', what: [name] });
    expect(existsSync(join(scratch.folder, 'pwned'))).toBe(false);
  });

  it.each([
    'a..b',
    'a~1',
    'a^',
    'a:b',
    'a*',
    'a\nb',
    'a\0b',
    'x.lock',
    'a//b',
    '.hidden',
    'a.',
    'a@{1}',
    '',
  ])('B-066 %j is none, and nobody is asked for it', async (name) => {
    await using scratch = await aScratch();
    expect(await scratch.clone.fetch({ branches: [name] })).toEqual({
      kind: 'missing',
      what: [name],
    });
  });
});

describe('an object id', () => {
  it.each([
    'a'.repeat(39),
    'a'.repeat(41),
    'A'.repeat(40),
    'g'.repeat(40),
    `-${'a'.repeat(39)}`,
    '',
  ])('B-089 is not %j', (text) => {
    expect(() => sha(text)).toThrow();
  });
});
