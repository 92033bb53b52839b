import { readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { GitError } from '../../../src/git/errors.ts';
import { aScratch, BOT, git, PERSON, REPOSITORY_ID } from './scratch.ts';

describe('an object written without git', () => {
  it('is the one git would have made, whole and checked', async () => {
    await using scratch = await aScratch();
    const base = scratch.commit({ files: { a: '1' } });
    await scratch.fetched(base);
    const message = `Ünïcode ${'x'.repeat(70_000)}\n`;
    const { tree } = await scratch.clone.commit(base);
    const content = { tree, parents: [base], author: PERSON, committer: BOT, message };
    const made = await scratch.clone.commitTree(content);

    const dir = join(scratch.folder, 'clones', `${REPOSITORY_ID}.git`);
    const bytes = git(dir, ['cat-file', 'commit', made]);
    expect(git(dir, ['hash-object', '-t', 'commit', '--stdin'], bytes).toString().trim()).toBe(
      made,
    );
    expect(scratch.inClone('fsck', '--strict', '--no-dangling', made)).toBe('');
    expect(await scratch.clone.commit(made)).toEqual({ sha: made, ...content });
  });

  it('becomes young again when it is written again, and leaves no half-written file', async () => {
    await using scratch = await aScratch();
    const base = scratch.commit({ files: { a: '1' } });
    await scratch.fetched(base);
    const { tree } = await scratch.clone.commit(base);
    const content = { tree, parents: [], author: PERSON, committer: BOT, message: 'x\n' };
    const made = await scratch.clone.commitTree(content);
    const folder = join(scratch.folder, 'clones', `${REPOSITORY_ID}.git`, 'objects');
    const path = join(folder, made.slice(0, 2), made.slice(2));
    utimesSync(path, 1, 1);
    expect(await scratch.clone.commitTree(content)).toBe(made);
    expect(statSync(path).mtimeMs).toBeGreaterThan(1_000_000);
    const names = readdirSync(folder, { recursive: true }) as string[];
    expect(names.filter((name) => name.includes('tmp_'))).toEqual([]);
  });

  it('fails as git fails where the clone is broken', async () => {
    await using scratch = await aScratch();
    const base = scratch.commit({ files: { a: '1' } });
    await scratch.fetched(base);
    const { tree } = await scratch.clone.commit(base);
    rmSync(join(scratch.folder, 'clones', `${REPOSITORY_ID}.git`, 'objects'), { recursive: true });
    const content = { tree, parents: [], author: PERSON, committer: BOT, message: 'x\n' };
    await expect(scratch.clone.commitTree(content)).rejects.toThrow(GitError);
  });
});
