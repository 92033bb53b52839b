import { mkdirSync, readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openClones } from '../../../src/git/index.ts';
import { sha } from '../../../src/lib/ids.ts';
import { aScratch, BOT, git, lines, type Scratch } from './scratch.ts';

/**
 *   base --- m1 --- m2        main
 *      \        \
 *       p1 ----- p2 (merge) --- p3     pull request
 */
async function aPullRequest(scratch: Scratch) {
  const base = scratch.commit({ files: { a: 'a' } });
  const m1 = scratch.commit({ on: base, files: { m: '1' } });
  const m2 = scratch.commit({ on: m1, files: { m: '2' } });
  const late = 'Ada <ada@acme.test> 1900000000 +0000';
  const p1 = scratch.commit({ on: base, files: { p: '1' }, author: late, committer: late });
  const p2 = scratch.commit({ on: [p1, m1], files: { m: '1' } });
  const p3 = scratch.commit({ on: p2, files: { p: '3' } });
  await scratch.fetched(m2, p3);
  return { base, m1, m2, p1, p2, p3 };
}

describe('the commits of a pull request', () => {
  it('come parents first, whatever their dates are, without those of the target', async () => {
    await using scratch = await aScratch();
    const { m2, p1, p2, p3 } = await aPullRequest(scratch);

    const commits = await scratch.clone.commits(m2, p3);
    expect(commits.map(({ sha }) => sha)).toEqual([p1, p2, p3]);
    const newest = await scratch.clone.commits(m2, p3, 2);
    expect(newest.map(({ sha }) => sha)).toEqual([p2, p3]);
    expect(await scratch.clone.commits(p3, p1)).toEqual([]);
  });

  it('tell how they lie to the target', async () => {
    await using scratch = await aScratch();
    const { base, m1, m2, p1, p3 } = await aPullRequest(scratch);
    const { clone } = scratch;

    expect(await clone.behind(m2, p3)).toBe(1);
    expect(await clone.behind(m2, p1)).toBe(2);
    expect(await clone.isAncestor(m1, p3)).toBe(true);
    expect(await clone.isAncestor(m2, p3)).toBe(false);
    expect(await clone.isAncestor(base, base)).toBe(true);
  });

  it('are there or not', async () => {
    await using scratch = await aScratch();
    const { base } = await aPullRequest(scratch);
    expect(await scratch.clone.has(base)).toBe(true);
    expect(await scratch.clone.has(scratch.commit())).toBe(false);
  });
});

describe('the paths changed between two commits', () => {
  it('hold both names of a rename and every odd path', async () => {
    await using scratch = await aScratch();
    const base = scratch.commit({ files: { old: lines(), kept: 'k', 'a\tb': '1' } });
    const head = scratch.commit({
      on: base,
      files: { old: null, new: lines(), 'a\tb': '2', é: 'x' },
    });
    await scratch.fetched(head);

    const changed = await scratch.clone.changedPaths(base, head);
    expect(changed).toEqual(new Set(['old', 'new', '"a\\tb"', 'é']));
  });

  it('are not given where they are too many to look at: eight objects make a million (F-104, B-083)', async () => {
    await using scratch = await aScratch();
    const base = scratch.commit();
    const make = (args: readonly string[], input: string): string =>
      git(scratch.origin, args, input).toString().trim();
    const blob = make(['hash-object', '-w', '--stdin'], 'x\n');
    const ten = (entry: string): string =>
      make(
        ['mktree'],
        Array.from({ length: 10 }, (_, n) => `${entry}\t${'n'.repeat(60)}${n}\n`).join(''),
      );
    let tree = ten(`100644 blob ${blob}`);
    for (let level = 1; level < 6; level += 1) tree = ten(`040000 tree ${tree}`);
    const commit = make(
      ['-c', 'user.name=A', '-c', 'user.email=a@b', 'commit-tree', '-p', base, '-m', 'Many', tree],
      '',
    );
    await scratch.fetched(sha(commit));

    expect(await scratch.clone.changedPaths(base, sha(commit))).toBeNull();
    expect((await scratch.clone.changedPaths(base, base))?.size).toBe(0);
  });
});

describe('conflict markers', () => {
  const marked = '<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs\n';

  it('are found where a commit brings them', async () => {
    await using scratch = await aScratch();
    const base = scratch.commit({ files: { a: 'a\n', 'test.txt': marked } });
    const brings = scratch.commit({ on: base, files: { a: marked } });
    const solves = scratch.commit({ on: brings, files: { a: 'b\n' } });
    await scratch.fetched(solves);

    expect(await scratch.clone.hasConflictMarkers(brings)).toBe(true);
    expect(await scratch.clone.hasConflictMarkers(solves)).toBe(false);
    expect(await scratch.clone.hasConflictMarkers(solves, base)).toBe(false);
    expect(await scratch.clone.hasConflictMarkers(base)).toBe(true);
  });

  it('are not those of a file which only the target has put right since', async () => {
    await using scratch = await aScratch();
    const base = scratch.commit({ files: { t: marked } });
    const target = scratch.commit({ on: base, files: { t: null } });
    const head = scratch.commit({ on: base, files: { a: 'a' } });
    await scratch.fetched(target, head);

    expect(await scratch.clone.hasConflictMarkers(head, target)).toBe(false);
  });

  it('are not seen in a file that had them, nor in headings', async () => {
    await using scratch = await aScratch();
    const base = scratch.commit({ files: { t: `${marked}\nx\n` } });
    const head = scratch.commit({ on: base, files: { t: `y\n${marked}`, r: 'Title\n=======\n' } });
    await scratch.fetched(head);

    expect(await scratch.clone.hasConflictMarkers(head)).toBe(false);
  });
});

describe('maintenance', () => {
  it('keeps what is wanted and what is young, and frees the rest to be fetched again', async () => {
    await using scratch = await aScratch();
    const { m2, p3 } = await aPullRequest(scratch);

    await scratch.clone.maintain([m2]);

    const refs = scratch.inClone('for-each-ref', '--format=%(refname)');
    expect(refs).toBe(`refs/bot/commit/${m2}`);
    expect(await scratch.clone.has(p3)).toBe(true);
    expect(await scratch.clone.fetch({ shas: [p3] })).toMatchObject({ kind: 'fetched' });
  });

  it('sweeps out at the start what a killed bot left', async () => {
    await using scratch = await aScratch();
    const root = join(scratch.folder, 'clones');
    for (const name of ['new-7-x', 'overlays/blobs-x', 'overlays/index-x']) {
      mkdirSync(join(root, name));
      utimesSync(join(root, name), 1, 1);
    }
    mkdirSync(join(root, 'overlays', 'probe-young'));

    await (await openClones({ root, identity: BOT })).close();

    expect(readdirSync(root).sort()).toEqual(['7.git', 'askpass', 'home', 'overlays']);
    expect(readdirSync(join(root, 'overlays'))).toEqual(['probe-young']);
  });
});

describe('several merges at once in one clone', () => {
  it('each get the attributes of their own target', async () => {
    await using scratch = await aScratch();
    const base = scratch.commit({ files: { log: lines() } });
    const head = scratch.commit({ on: base, files: { log: lines({ 5: 'theirs' }) } });
    const texts = ['', 'log merge=union\n', 'log -merge\n'];
    const targets = Array.from({ length: 12 }, (_, n) => {
      const attributes = { '.gitattributes': texts[n % 3] ?? '' };
      const files = { log: lines({ 5: 'ours' }), n: String(n), ...attributes };
      return scratch.commit({ on: base, files });
    });
    await scratch.fetched(head, ...targets);

    const outcomes = await Promise.all(
      targets.map((onto) =>
        scratch.clone.merge({ onto, head, message: 'x\n', author: BOT, committer: BOT }),
      ),
    );

    const expected = targets.map((_, n) => (n % 3 === 1 ? 'merged' : 'conflict'));
    expect(outcomes.map(({ kind }) => kind)).toEqual(expected);
  });
});
