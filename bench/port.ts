import type { Sha } from '../src/lib/ids.ts';
import { aHistory, git, type History } from './a-history.ts';
import { type Report, timeOf } from './figures.ts';

const RUNS = 100;

/** One commit carried to a branch that has parted, in memory, beside `git cherry-pick` in a work tree that is ready. */
export async function port(): Promise<Report> {
  await using history = await aHistory(RUNS + 1);
  const ours: number[] = [];
  const classical: number[] = [];
  const fresh: number[] = [];
  for (const [n, change] of history.changes.entries()) {
    let picked = '';
    ours.push(await timeOf(async () => (picked = await pick(history, change))));
    let expected = '';
    classical.push(await timeOf(() => (expected = cherryPick(history, change))));
    if (n % 10 === 0) fresh.push(await timeOf(() => inNewTree(history, change)));
    const tree = (await history.clone.commit(picked as Sha)).tree;
    if (tree !== expected) throw new Error(`${change}: not the tree that git cherry-pick makes`);
  }
  return {
    bench: 'port',
    about: 'one commit ported, 5,000 files, 500 changed on both sides; every tree compared',
    series: [
      { name: 'stagecoach, in memory', unit: 'ms', values: ours.slice(1) },
      { name: 'cherry-pick, work tree at hand', unit: 'ms', values: classical.slice(1) },
      { name: 'cherry-pick, new work tree', unit: 'ms', values: fresh },
    ],
  };
}

async function pick({ clone, heads }: History, change: Sha): Promise<Sha> {
  const outcome = await clone.pick({
    onto: heads.old,
    commits: [change],
    rewrite: (commit) => `${commit.message}\nX-original-commit: ${change}\n`,
    committerDate: '1700000000 +0000',
  });
  if (outcome.kind !== 'picked') throw new Error(outcome.kind);
  return outcome.head;
}

/** @returns the tree. */
function cherryPick({ workTree, heads }: History, change: Sha): string {
  git(workTree, 'checkout', '--quiet', '--detach', heads.old);
  git(workTree, 'cherry-pick', '-x', change);
  return git(workTree, 'rev-parse', 'HEAD^{tree}');
}

function inNewTree({ workTree, heads }: History, change: Sha): void {
  const path = `${workTree}-of-port`;
  git(workTree, 'worktree', 'add', '--quiet', '--detach', path, heads.old);
  git(path, 'cherry-pick', '-x', change);
  git(workTree, 'worktree', 'remove', '--force', path);
}
