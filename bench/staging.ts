import type { Sha } from '../src/lib/ids.ts';
import { aHistory, git, type History } from './a-history.ts';
import { atMost, figure, type Report, type Series, timeOf } from './figures.ts';

/** Batches in a staging, and in which rounds it is built: in turns, since a shared machine is faster at one time than at another. */
const SIZES = [
  [1, 1],
  [8, 1],
  [16, 2],
  [64, 2],
] as const;
const ROUNDS = 16;
const BENCH = { name: 'Bench', email: 'bench@example.test', date: '1700000000 +0000' };

/** A staging of some batches built in memory, beside `git merge` in a work tree. Git alone: no GitHub, no push. */
export async function staging(): Promise<Report> {
  await using history = await aHistory(64);
  const times = new Map<number, Times>(SIZES.map(([size]) => [size, { ours: [], classical: [] }]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [size, every] of SIZES) {
      if (round % every === 0) await measure(history, { size, times: times.get(size)! });
    }
  }
  const each = (size: number) => figure(times.get(size)?.ours ?? [], 'median') / size;
  const series = [...times].flatMap(([size, { ours, classical }]): Series[] => [
    { name: `stagecoach, ${size}`, unit: 'ms', values: ours },
    { name: `git merge, work tree at hand, ${size}`, unit: 'ms', values: classical },
  ]);
  return {
    bench: 'staging',
    about: 'a staging of so many batches merged, 5,000 files; every tree compared',
    series,
    targets: [
      atMost(
        1.2 * each(8),
        each(64),
        'ms a pull request in a staging of 64, a fifth more than in one of 8',
      ),
    ],
  };
}

/** Milliseconds of each build. */
interface Times {
  readonly ours: number[];
  readonly classical: number[];
}

async function measure(
  history: History,
  { size, times }: { readonly size: number; readonly times: Times },
): Promise<void> {
  const heads = history.changes.slice(0, size);
  let built = '' as Sha;
  times.ours.push(await timeOf(async () => (built = await build(history, heads))));
  let expected = '';
  times.classical.push(await timeOf(() => (expected = mergeInTree(history, heads))));
  const { tree } = await history.clone.commit(built);
  if (tree !== expected) throw new Error('not the tree that git merge makes');
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
