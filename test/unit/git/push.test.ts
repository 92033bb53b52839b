import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { aScratch, type Scratch } from './scratch.ts';

/** A base and two commits on it that know nothing of each other. */
async function aFork(scratch: Scratch) {
  const base = scratch.commit({ files: { a: 'a' } });
  const left = scratch.commit({ on: base, files: { l: 'l' } });
  const right = scratch.commit({ on: base, files: { r: 'r' } });
  await scratch.fetched(base, left, right);
  return { base, left, right };
}

describe('a plain push', () => {
  it('makes a branch and moves it forward', async () => {
    await using scratch = await aScratch();
    const { base, left } = await aFork(scratch);

    expect(await scratch.clone.push([{ branch: 'main', sha: base }])).toEqual({ kind: 'pushed' });
    expect(await scratch.clone.push([{ branch: 'main', sha: left }])).toEqual({ kind: 'pushed' });
    expect(scratch.git('rev-parse', 'refs/heads/main')).toBe(left);
  });

  it('never goes back or sideways', async () => {
    await using scratch = await aScratch();
    const { base, left, right } = await aFork(scratch);
    scratch.branch('main', left);

    for (const sha of [base, right]) {
      const outcome = await scratch.clone.push([{ branch: 'main', sha }]);
      expect(outcome).toMatchObject({ branch: 'main', reason: 'non-fast-forward' });
    }
    expect(scratch.git('rev-parse', 'refs/heads/main')).toBe(left);
  });

  it('is refused the same way when the remote has moved to a commit nobody here knows', async () => {
    await using scratch = await aScratch();
    const { base, left } = await aFork(scratch);
    scratch.branch('main', scratch.commit({ on: base, files: { x: 'x' } }));

    const outcome = await scratch.clone.push([{ branch: 'main', sha: left }]);

    expect(outcome).toMatchObject({ kind: 'rejected', reason: 'non-fast-forward' });
  });

  it('counts as done when the branch is there already', async () => {
    await using scratch = await aScratch();
    const { left } = await aFork(scratch);
    scratch.branch('main', left);

    expect(await scratch.clone.push([{ branch: 'main', sha: left }])).toEqual({ kind: 'pushed' });
  });

  it('tells the refusal of the remote from a race (F-067)', async () => {
    await using scratch = await aScratch();
    const { left } = await aFork(scratch);
    const hook = join(scratch.origin, 'hooks', 'update');
    writeFileSync(hook, '#!/bin/sh\necho protected branch >&2\nexit 1\n');
    chmodSync(hook, 0o755);

    const outcome = await scratch.clone.push([{ branch: 'main', sha: left }]);

    const detail = expect.stringContaining('protected branch') as unknown;
    expect(outcome).toMatchObject({ kind: 'rejected', branch: 'main', reason: 'remote', detail });
  });

  it('counts as done when the remote refuses to do again what a lost request has done (F-051)', async () => {
    await using scratch = await aScratch();
    const { left } = await aFork(scratch);
    const hook = join(scratch.origin, 'hooks', 'update');
    writeFileSync(hook, '#!/bin/sh\ngit update-ref "$1" "$3"\nexit 1\n');
    chmodSync(hook, 0o755);

    expect(await scratch.clone.push([{ branch: 'main', sha: left }])).toEqual({ kind: 'pushed' });
    expect(scratch.git('rev-parse', 'refs/heads/main')).toBe(left);
  });

  it('is unknown when no answer comes', async () => {
    await using scratch = await aScratch();
    const { left } = await aFork(scratch);
    execFileSync('rm', ['-rf', scratch.origin]);

    expect(await scratch.clone.push([{ branch: 'main', sha: left }])).toMatchObject({
      kind: 'unknown',
    });
  });
});

describe('a push with a lease', () => {
  it('moves sideways, and deletes, while the remote is where it was believed to be', async () => {
    await using scratch = await aScratch();
    const { left, right } = await aFork(scratch);

    const steps = [
      { branch: 'staging.main', sha: left, lease: 'absent' },
      { branch: 'staging.main', sha: right, lease: left },
      { branch: 'staging.main', sha: null, lease: right },
    ] as const;
    for (const step of steps) expect(await scratch.clone.push([step])).toEqual({ kind: 'pushed' });

    expect(await scratch.clone.remoteHeads(['staging.main'])).toEqual(new Map());
  });

  it('is stale when somebody moved, made or deleted the branch', async () => {
    await using scratch = await aScratch();
    const { base, left, right } = await aFork(scratch);
    scratch.branch('staging.main', left);

    const stale = [
      { branch: 'staging.main', sha: right, lease: base },
      { branch: 'staging.main', sha: right, lease: 'absent' },
      { branch: 'other', sha: right, lease: base },
    ] as const;
    for (const step of stale) {
      const outcome = await scratch.clone.push([step]);
      expect(outcome).toMatchObject({ kind: 'rejected', branch: step.branch, reason: 'stale' });
    }
  });
});

describe('a push of several branches', () => {
  it('moves none when one is refused and it is atomic (F-099)', async () => {
    await using scratch = await aScratch();
    const { base, left, right } = await aFork(scratch);
    scratch.branch('main', left);
    const updates = [
      { branch: 'other', sha: base },
      { branch: 'main', sha: right },
    ];

    const outcome = await scratch.clone.push(updates, { atomic: true });

    expect(outcome).toMatchObject({ branch: 'main', reason: 'non-fast-forward', moved: [] });
    expect(await scratch.clone.remoteHeads(['other'])).toEqual(new Map());
  });

  it('tells which moved when it is not atomic', async () => {
    await using scratch = await aScratch();
    const { base, left, right } = await aFork(scratch);
    scratch.branch('main', left);
    const updates = [
      { branch: 'other', sha: base },
      { branch: 'main', sha: right },
    ];

    expect(await scratch.clone.push(updates)).toMatchObject({ branch: 'main', moved: ['other'] });
  });

  it('moves whatever is there when forced', async () => {
    await using scratch = await aScratch();
    const { base, left } = await aFork(scratch);
    scratch.branch('tmp.main', left);
    const updates = [{ branch: 'tmp.main', sha: base, force: true }] as const;

    expect(await scratch.clone.push(updates)).toEqual({ kind: 'pushed' });
    expect(scratch.git('rev-parse', 'refs/heads/tmp.main')).toBe(base);
  });
});

describe('names of branches', () => {
  const hostile = [
    '--upload-pack=touch${IFS}x',
    '-oProxyCommand=x',
    '+main',
    'ü/…',
    '$(id)',
    'a"b',
  ];

  it.each(hostile)('travel unharmed: %s', async (branch) => {
    await using scratch = await aScratch();
    const { base, left } = await aFork(scratch);

    const made = await scratch.clone.push([{ branch, sha: base, lease: 'absent' }]);
    expect(made).toEqual({ kind: 'pushed' });
    expect(await scratch.clone.push([{ branch, sha: left }])).toEqual({ kind: 'pushed' });
    expect(await scratch.clone.remoteHeads([branch])).toEqual(new Map([[branch, left]]));
    const fetched = await scratch.clone.fetch({ branches: [branch] });
    expect(fetched).toEqual({ kind: 'fetched', heads: new Map([[branch, left]]) });
  });

  it.each(['a..b', 'a b', 'a.lock', '/a', 'a:b', '', 'a\nb'])(
    'are refused where git has no such name: %j',
    async (branch) => {
      await using scratch = await aScratch();
      const { base } = await aFork(scratch);

      const outcome = await scratch.clone.push([{ branch, sha: base }]);
      expect(outcome).toMatchObject({ kind: 'rejected', reason: 'invalid-name' });
      expect(await scratch.clone.fetch({ branches: [branch] })).toMatchObject({ kind: 'missing' });
    },
  );
});
