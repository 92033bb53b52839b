import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { sha } from '../../../src/lib/ids.ts';
import { aScratch, git } from './scratch.ts';

const NOWHERE = sha('0123456789012345678901234567890123456789');

describe('a fetch', () => {
  it('brings branches and tells where they are', async () => {
    await using scratch = await aScratch();
    const main = scratch.commit({ files: { a: 'a' } });
    const next = scratch.commit({ on: main, files: { b: 'b' } });
    scratch.branch('main', main);
    scratch.branch('next', next);

    const outcome = await scratch.clone.fetch({ branches: ['main', 'next'] });

    const heads = new Map([
      ['main', main],
      ['next', next],
    ]);
    expect(outcome).toEqual({ kind: 'fetched', heads });
    expect(scratch.files(next)).toEqual({ a: 'a', b: 'b' });
  });

  it('brings exactly the commit asked for, though its branch has moved on (F-092)', async () => {
    await using scratch = await aScratch();
    const old = scratch.commit({ files: { a: 'a' } });
    scratch.branch('main', scratch.commit({ files: { a: 'rewritten' } }));

    expect(await scratch.clone.fetch({ shas: [old] })).toMatchObject({ kind: 'fetched' });
    expect(scratch.files(old)).toEqual({ a: 'a' });
  });

  it('names absent branches', async () => {
    await using scratch = await aScratch();
    scratch.branch('main', scratch.commit());

    const outcome = await scratch.clone.fetch({ branches: ['main', 'gone'] });

    expect(outcome).toEqual({ kind: 'missing', what: ['gone'] });
  });

  it('names absent commits among those that are there (F-091)', async () => {
    await using scratch = await aScratch();
    const main = scratch.commit({ files: { a: 'a' } });

    const outcome = await scratch.clone.fetch({ shas: [main, NOWHERE] });

    expect(outcome).toEqual({ kind: 'missing', what: [NOWHERE] });
    expect(scratch.files(main)).toEqual({ a: 'a' });
  });

  it('refuses a commit whose tree would write into .git (F-100)', async () => {
    await using scratch = await aScratch();
    const blob = git(scratch.origin, ['hash-object', '-w', '--stdin'], 'evil').toString().trim();
    const raw = Buffer.concat([Buffer.from('100644 .git\0'), Buffer.from(blob, 'hex')]);
    const write = ['hash-object', '-t', 'tree', '--literally', '-w', '--stdin'];
    const tree = git(scratch.origin, write, raw).toString().trim();
    const person = 'A <a@acme.test> 1700000000 +0000';
    const text = `tree ${tree}\nauthor ${person}\ncommitter ${person}\n\nevil\n`;
    const commit = git(scratch.origin, ['hash-object', '-t', 'commit', '-w', '--stdin'], text);
    const evil = sha(commit.toString().trim());

    const outcome = await scratch.clone.fetch({ shas: [evil] });

    expect(outcome).toMatchObject({ kind: 'refused', what: [evil] });
    expect(outcome).toMatchObject({ detail: expect.stringContaining('hasDotgit') as unknown });
  });

  it('fails as something to try again when the remote is away', async () => {
    await using scratch = await aScratch();
    const main = scratch.commit({ files: { a: 'a' } });
    renameSync(scratch.origin, `${scratch.origin}.away`);

    await expect(scratch.clone.fetch({ shas: [main] })).rejects.toMatchObject({ retryable: true });
    await expect(scratch.clone.fetch({ branches: ['main'] })).rejects.toThrow(
      'git ls-remote failed',
    );
  });

  it('does not take a tag or another namespace for the branch (F-102)', async () => {
    await using scratch = await aScratch();
    const main = scratch.commit({ files: { a: 'a' } });
    const other = scratch.commit({ files: { a: 'other' } });
    scratch.git('update-ref', 'refs/tags/main', other);
    scratch.git('update-ref', 'refs/heads/refs/heads/main', other);

    expect(await scratch.clone.remoteHeads(['main'])).toEqual(new Map());
    scratch.branch('main', main);
    expect(await scratch.clone.remoteHeads(['main'])).toEqual(new Map([['main', main]]));
  });

  it('makes no local branch or tag and runs no hook of the clone', async () => {
    await using scratch = await aScratch();
    const main = scratch.commit({ files: { a: 'a' } });
    scratch.branch('main', main);
    scratch.git('update-ref', 'refs/tags/v1', main);
    const hooks = join(scratch.folder, 'clones', '7.git', 'hooks');
    mkdirSync(hooks, { recursive: true });

    await scratch.clone.fetch({ branches: ['main'] });

    const refs = scratch.inClone('for-each-ref', '--format=%(refname)');
    expect(refs).toBe(`refs/bot/commit/${main}`);
  });
});
