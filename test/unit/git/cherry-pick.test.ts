import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pathText } from '../../../src/git/text.ts';
import type { Sha } from '../../../src/lib/ids.ts';
import { commitsOf, histories, type History } from './generated-histories.ts';
import { aScratch, BOT, PERSON, type Scratch } from './scratch.ts';

const RUNS = Number(process.env['GIT_HISTORIES'] ?? 200);
const labels = { ours: '18.0', base: 'base', theirs: 'acme/app#7' };

interface Verdict {
  kind: 'clean' | 'conflict';
  tree?: string;
  files?: string[];
}

/** A person's way: a work tree, and `git cherry-pick` in it. */
function aWorkTree(scratch: Scratch) {
  const dir = join(scratch.folder, 'work');
  const env = {
    PATH: '/usr/local/bin:/opt/homebrew/bin:/usr/bin:/bin',
    LC_ALL: 'C.UTF-8',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_COMMITTER_NAME: 'Ada',
    GIT_COMMITTER_EMAIL: 'ada@acme.test',
  };
  const run = (...args: string[]): Buffer => execFileSync('git', args, { cwd: dir, env });
  mkdirSync(dir);
  run('init', '--quiet');
  borrowObjects(scratch, join(dir, '.git'));
  return (onto: Sha, commit: Sha): Verdict => {
    run('checkout', '--quiet', '--force', '--detach', onto);
    run('clean', '-fdxq');
    const picked = spawnSync('git', ['cherry-pick', '--no-commit', commit], { cwd: dir, env });
    if (picked.status === 0) return { kind: 'clean', tree: run('write-tree').toString().trim() };
    const unmerged = run('ls-files', '--unmerged', '-z').toString('latin1').split('\0');
    const named = unmerged.filter(Boolean).map((line) => line.slice(line.indexOf('\t') + 1));
    const files = named.map((path) => pathText(Buffer.from(path, 'latin1')));
    return { kind: 'conflict', files: withoutSides(files) };
  };
}

/** A file that makes room for a folder is called after its side, in other words here and there. */
function withoutSides(files: readonly string[]): string[] {
  return [...new Set(files.map((path) => path.replace(/~.*/, '~')))].sort();
}

/** Saves a fetch for every history. */
function borrowObjects(scratch: Scratch, gitDir: string): void {
  mkdirSync(join(gitDir, 'objects', 'info'), { recursive: true });
  const alternates = join(gitDir, 'objects', 'info', 'alternates');
  appendFileSync(alternates, `${join(scratch.origin, 'objects')}\n`);
}

function write(scratch: Scratch, bases: Map<string, Sha>, history: History) {
  const { base, ours, theirs } = commitsOf(history);
  const from = bases.get(history.attributes) ?? scratch.commit(base);
  bases.set(history.attributes, from); // a base differs from the others by its attributes only
  const onto = scratch.commit({ ...ours, on: from });
  return { onto, commit: scratch.commit({ ...theirs, on: from }) };
}

async function pick(scratch: Scratch, onto: Sha, commit: Sha): Promise<Verdict> {
  const plan = { onto, commits: [commit], committerDate: BOT.date };
  const outcome = await scratch.clone.pick(plan);
  if (outcome.kind === 'picked') return { kind: 'clean', tree: outcome.tree };
  if (outcome.kind === 'empty') return { kind: 'clean', tree: await scratch.clone.tree(onto) };
  if (outcome.kind !== 'conflict') throw new Error(JSON.stringify(outcome));
  return { kind: 'conflict', files: withoutSides(outcome.files) };
}

/** Ruling R26: whatever the conflict is, it can be seen. */
async function expectVisible(scratch: Scratch, onto: Sha, commit: Sha): Promise<void> {
  const signatures = { author: PERSON, committer: BOT };
  const plan = { onto, commits: [commit], labels, message: 'x\n', ...signatures };
  const made = await scratch.clone.conflictCommit(plan);
  if (made.kind !== 'made') throw new Error(JSON.stringify(made));
  expect(await scratch.clone.hasConflictMarkers(made.commit)).toBe(true);
}

describe('a pick in memory', () => {
  it(`gives the tree and the verdict of git cherry-pick, for ${RUNS} histories`, async () => {
    await using scratch = await aScratch();
    borrowObjects(scratch, join(scratch.folder, 'clones', '7.git'));
    const cherryPick = aWorkTree(scratch);
    const bases = new Map<string, Sha>();
    const seen = { clean: 0, conflict: 0 };

    const agrees = fc.asyncProperty(histories, async (history) => {
      const { onto, commit } = write(scratch, bases, history);
      const expected = cherryPick(onto, commit);
      expect(await pick(scratch, onto, commit)).toEqual(expected);
      if (expected.kind === 'conflict') await expectVisible(scratch, onto, commit);
      seen[expected.kind] += 1;
    });
    await fc.assert(agrees, { numRuns: RUNS, seed: 20_260_101 });

    // Neither side of the comparison may have become rare without anybody noticing.
    expect(Math.min(seen.clean, seen.conflict)).toBeGreaterThan(RUNS / 5);
  }, 600_000);
});
