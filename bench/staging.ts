import type { Sha } from '../src/lib/ids.ts';
import { aHistory, git, type History } from './a-history.ts';
import { atMost, figure, type Report, type Series, timeOf } from './figures.ts';

/** Batches in a staging, and how often it is built. */
const SIZES = [
  [1, 20],
  [8, 10],
  [16, 8],
  [64, 4],
] as const;
const BENCH = { name: 'Bench', email: 'bench@example.test', date: '1700000000 +0000' };

/** A staging of some batches built in memory, beside `git merge` in a work tree. Git alone: no GitHub, no push. */
export async function staging(): Promise<Report> {
  await using history = await aHistory(64);
  const series: Series[] = [];
  const each = new Map<number, number>();
  for (const [size, runs] of SIZES) {
    const heads = history.changes.slice(0, size);
    const ours: number[] = [];
    const classical: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      let built = '' as Sha;
      ours.push(await timeOf(async () => (built = await build(history, heads))));
      let expected = '';
      classical.push(await timeOf(() => (expected = mergeInTree(history, heads))));
      const { tree } = await history.clone.commit(built);
      if (tree !== expected) throw new Error('not the tree that git merge makes');
    }
    each.set(size, figure(ours, 'median') / size);
    series.push({ name: `stagecoach, ${size}`, unit: 'ms', values: ours });
    series.push({ name: `git merge, work tree at hand, ${size}`, unit: 'ms', values: classical });
  }
  return {
    bench: 'staging',
    about: 'a staging of so many batches merged, 5,000 files; every tree compared',
    series,
    targets: [
      atMost(
        1.2 * (each.get(8) ?? 0),
        each.get(64) ?? Infinity,
        'ms a pull request in a staging of 64, a fifth more than in one of 8',
      ),
    ],
  };
}

async function build({ clone, heads }: History, changes: readonly Sha[]): Promise<Sha> {
  let onto = heads.new;
  for (const head of changes) {
    const outcome = await clone.merge({
      onto,
      head,
      message: `Merge ${head}\n`,
      author: BENCH,
      committer: BENCH,
    });
    if (outcome.kind !== 'merged') throw new Error(outcome.kind);
    onto = outcome.commit;
  }
  return onto;
}

/** @returns the tree. */
function mergeInTree({ workTree, heads }: History, changes: readonly Sha[]): string {
  git(workTree, 'checkout', '--quiet', '--detach', heads.new);
  for (const head of changes) git(workTree, 'merge', '--quiet', '--no-ff', '-m', 'Merge', head);
  return git(workTree, 'rev-parse', 'HEAD^{tree}');
}
