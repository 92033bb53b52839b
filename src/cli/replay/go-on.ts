import { UserError } from '../../lib/errors.ts';
import { hasKey, parseCommitMessage, printCommitMessage } from '../../rules/commit-message.ts';
import { advanced, isPicking, pickOn, unmerged } from './pick.ts';
import { nameOf, type Progress, type Replay } from './plan.ts';
import { gitIn } from './git.ts';
import { type Clone, forgetReplay, readReplay } from './state.ts';

/**
 * Goes on after a person has solved a conflict: commits what is solved, or takes the commit the person made, or leaves the
 * commit out when nothing of it is left, and picks the rest.
 *
 * @throws UserError while something is unsolved, or when the branch is not where the replay left it.
 */
export async function goOn(folder: string): Promise<Progress> {
  const { clone, replay } = await underWay(folder);
  const { plan, done } = replay;
  const commit = plan.commits[done];
  if (!commit) throw new Error(`a replay of ${plan.commits.length} commits stands at ${done}`);
  const end = await finishPick(clone, replay);
  if (end === 'not begun') return pickOn(clone, { replay, leftOut: [] });
  if (end === 'kept') await nameOrigin(clone, commit.original);
  const leftOut = end === 'kept' ? [] : [commit.sha];
  return pickOn(clone, { replay: await advanced(clone, replay), leftOut });
}

/** What an aborted replay leaves: where it went back to, and where its work can still be found. */
export interface Aborted {
  readonly name: string;
  readonly from: string;
  readonly tip: string;
}

/** Goes back to where the person was, and removes the branch. */
export async function abort(folder: string): Promise<Aborted> {
  const { clone, replay } = await underWay(folder);
  const { git } = clone;
  if (await isPicking(clone)) await git.read(['cherry-pick', '--abort']);
  const tip = await git.read(['rev-parse', `refs/heads/${replay.plan.branch}`]);
  const known = await git.attempt([
    'rev-parse',
    '--quiet',
    '--verify',
    `refs/heads/${replay.from}`,
  ]);
  await git.read(['switch', '--quiet', ...(known.code === 0 ? [] : ['--detach']), replay.from]);
  await git.read(['branch', '--quiet', '-D', replay.plan.branch]);
  await forgetReplay(clone);
  return { name: nameOf(replay.plan), from: replay.from, tip };
}

function refuse(detail: string): never {
  throw new UserError({ code: 'refused', detail });
}

async function underWay(folder: string): Promise<{ clone: Clone; replay: Replay }> {
  const clone = { folder, git: gitIn(folder) };
  const replay = await readReplay(clone);
  if (!replay) return refuse('no replay is under way here');
  const { branch } = replay.plan;
  const at = await clone.git.attempt(['symbolic-ref', '--quiet', 'HEAD']);
  if (at.stdout.trim() !== `refs/heads/${branch}`)
    return refuse(`the replay is on the branch ${branch}: go there first (git switch ${branch})`);
  return { clone, replay };
}

/** What became of the commit a replay stands at; `left out`: nothing of it is needed here. */
type End = 'kept' | 'left out' | 'not begun';

async function finishPick(clone: Clone, replay: Replay): Promise<End> {
  const { git } = clone;
  if (!(await isPicking(clone))) return endOf(clone, replay);
  const files = await unmerged(clone);
  if (files.length > 0) refuse(`still in conflict: ${files.join(', ')} (solve, git add, go on)`);
  const unstaged = await git.attempt(['diff', '--quiet']);
  if (unstaged.code !== 0)
    refuse('there are changes that are not staged: git add them, then go on');
  const same = await git.attempt(['diff', '--quiet', '--cached', 'HEAD']);
  if (same.code === 0) {
    await git.read(['cherry-pick', '--skip']);
    return 'left out';
  }
  await refuseMarkers(clone);
  // as `git cherry-pick --continue` does, without asking for a message: author and date are those of the commit
  await git.read(['commit', '--quiet', '--no-edit', '--cleanup=whitespace']);
  return 'kept';
}

/** The person has finished the pick, by committing or by leaving the commit out; or the program ended before it began. */
async function endOf({ git }: Clone, { tip, plan, stopped }: Replay): Promise<End> {
  const above = await git.attempt(['merge-base', '--is-ancestor', tip, 'HEAD']);
  if (above.code !== 0)
    refuse(
      `${plan.branch} does not stand on ${tip.slice(0, 12)} any more: go back there, or --abort`,
    );
  if ((await git.read(['rev-parse', 'HEAD'])) !== tip) return 'kept';
  return stopped ? 'left out' : 'not begun';
}

/** Markers in what is about to be committed; a person who wants them commits by hand, and goes on. */
async function refuseMarkers({ git }: Clone): Promise<void> {
  const changed = await git.read([
    'diff',
    '--cached',
    '--name-only',
    '--diff-filter=d',
    '-z',
    'HEAD',
  ]);
  const paths = changed.split('\0').filter(Boolean);
  const flags = ['--cached', '--files-with-matches', '-z', '-E', '^(<{7}|>{7}) '];
  const found = await git.attempt(['grep', ...flags, '--', ...literal(paths)]);
  const files = found.stdout.split('\0').filter(Boolean);
  if (paths.length > 0 && files.length > 0)
    refuse(
      `markers are left in ${files.join(', ')} (if they belong there: git commit, then go on)`,
    );
}

function literal(paths: readonly string[]): string[] {
  return paths.map((path) => `:(top,literal)${path}`);
}

/** A message written by hand gets the trailer that says where the commit comes from. */
async function nameOrigin({ git }: Clone, original: string): Promise<void> {
  const message = parseCommitMessage(
    await git.read(['log', '-1', '--encoding=UTF-8', '--format=%B']),
  );
  const key = 'X-original-commit';
  if (message.trailers.some((trailer) => hasKey(trailer, key))) return;
  const trailers = [...message.trailers, { key, value: original }];
  const text = printCommitMessage({ ...message, trailers });
  await git.read(['commit', '--amend', '--quiet', '--no-verify', '--file=-'], `${text}\n`);
}
