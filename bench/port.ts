import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { gitEnvironment } from '../src/git/environment.ts';
import type { Sha } from '../src/lib/ids.ts';
import { aHistory, git, type History } from './a-history.ts';
import { atLeast, atMost, figure, type Report, type Target, timeOf } from './figures.ts';
import { comparePorts, type Comparison } from './port-cases.ts';

const RUNS = 100;
const FILES = 20_000;
const FEW_FILES = 200;
const PARTED = 2000;
const LITTLE_PARTED = 100; // so that only the size of the repository differs
const CASES = 200;

/** What one commit took, in milliseconds. */
interface Times {
  readonly ours: number[];
  readonly processes: number[];
  readonly atHand: number[];
  readonly fresh: number[];
}

/**
 * One commit carried to a branch that has parted, in memory, beside `git cherry-pick` in work trees; then generated histories
 * both ways, every tree and every verdict compared.
 *
 * @param cases how many generated histories.
 */
export async function port({ cases = CASES }: { readonly cases?: number }): Promise<Report> {
  const both = await bothWays();
  const large = await oursWith(FILES);
  const small = await oursWith(FEW_FILES);
  const compared = await comparePorts({ cases, files: FILES });
  const ms = (name: string, values: readonly number[]) => ({ name, unit: 'ms' as const, values });
  return {
    bench: 'port',
    about: `one commit ported, ${FILES} files, ${PARTED} of them changed on both sides; every tree compared`,
    series: [
      ms('stagecoach, in memory', both.ours),
      ms('three processes of git alone', both.processes),
      ms('cherry-pick, work tree at hand', both.atHand),
      ms('cherry-pick, new work tree', both.fresh),
      ms(`stagecoach, ${FILES} files, ${LITTLE_PARTED} changed`, large),
      ms(`stagecoach, ${FEW_FILES} files, ${LITTLE_PARTED} changed`, small),
      ms('generated histories, stagecoach', compared.ours),
      ms('generated histories, cherry-pick, work tree at hand', compared.classical),
    ],
    targets: targetsOf({ both, large, small, compared }),
  };
}

function targetsOf(found: {
  both: Times;
  large: readonly number[];
  small: readonly number[];
  compared: Comparison;
}): Target[] {
  const { both, large, small, compared } = found;
  const ours = figure(both.ours, 'median');
  const { cases, agreed, clean } = compared;
  const bySize = figure(large, 'median') / figure(small, 'median');
  return [
    atLeast(50, figure(both.fresh, 'median') / ours, 'times as fast as checkout and cherry-pick'),
    atMost(
      2,
      ours / figure(both.processes, 'median'),
      'times three processes of git alone: stand-in, merge, commit',
    ),
    atMost(2, bySize, `times the cost with ${FEW_FILES} files`),
    {
      wanted: `tree and verdict of git cherry-pick in all of ${cases} generated histories`,
      found: `${agreed} agree, ${clean} of them clean`,
      reached: agreed === cases,
    },
  ];
}

async function bothWays(): Promise<Times> {
  await using history = await aHistory(RUNS + 1, { files: FILES, parted: PARTED });
  const times: Times = { ours: [], processes: [], atHand: [], fresh: [] };
  const alone = processesAlone(history);
  for (const [n, change] of history.changes.entries()) {
    let picked = '';
    times.ours.push(await timeOf(async () => (picked = await pick(history, change))));
    times.processes.push(await timeOf(() => alone(change)));
    let expected = '';
    times.atHand.push(await timeOf(() => (expected = cherryPick(history, change))));
    if (n % 20 === 0) times.fresh.push(await timeOf(() => inNewTree(history, change)));
    const tree = (await history.clone.commit(picked as Sha)).tree;
    if (tree !== expected) throw new Error(`${change}: not the tree that git cherry-pick makes`);
  }
  return { ...times, ours: times.ours.slice(1), processes: times.processes.slice(1) };
}

/** The first one, which looks for attributes in the whole tree of the branch, left out. */
async function oursWith(files: number): Promise<number[]> {
  await using history = await aHistory(RUNS + 1, { files, parted: LITTLE_PARTED });
  const times: number[] = [];
  for (const change of history.changes) times.push(await timeOf(() => pick(history, change)));
  return times.slice(1);
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

/** What a pick cannot do without: a stand-in, the merge with it, and the commit; nothing of ours around them. */
function processesAlone({ cloneFolder, heads }: History): (change: Sha) => void {
  const [root, identity] = [dirname(cloneFolder), { name: 'Bench', email: 'bench@example.test' }];
  const env = gitEnvironment({ root, home: root, askpass: '', identity, allowFile: true });
  const run = (args: readonly string[], input = ''): string => {
    const ended = spawnSync('git', [`--git-dir=${cloneFolder}`, ...args], { input, env });
    if (ended.status !== 0) throw new Error(`git ${args.join(' ')}: ${ended.stderr.toString()}`);
    return ended.stdout.toString().trim();
  };
  const write = ['hash-object', '-t', 'commit', '-w', '--stdin'];
  const who = 'Bench <bench@example.test> 1700000000 +0000';
  const commit = (tree: string, parent: string): string =>
    `tree ${tree}\nparent ${parent}\nauthor ${who}\ncommitter ${who}\n\nChange\n`;
  const tree = run(['rev-parse', `${heads.old}^{tree}`]);
  return (change) => {
    const standIn = run(write, commit(tree, heads.new));
    const merged = run(['merge-tree', '--write-tree', standIn, change]);
    run(write, commit(merged, heads.old));
  };
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
