import { mkdir, readdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { errorCode, UserError } from '../../lib/errors.ts';
import { isSha } from '../../lib/ids.ts';
import { gitIn } from './git.ts';
import { pickOn } from './pick.ts';
import { nameOf, type Progress, type ReplayPlan } from './plan.ts';
import { remoteFor } from './remote.ts';
import { type Clone, readReplay, REFS } from './state.ts';

/**
 * Begins a replay: a branch of the port's name on the newest head of its target, and the first commits on it, up to the
 * first that conflicts.
 *
 * @throws UserError when the port or the clone is in no state for it; nothing was changed then.
 */
export async function begin(folder: string, plan: ReplayPlan): Promise<Progress> {
  checkPlan(plan);
  const clone = await openClone(folder, plan);
  await checkClone(clone, plan);
  const from = await whereWeAre(clone);
  await fetchSides(clone, plan);
  await clone.git.read(['switch', '--quiet', '--no-track', '--create', plan.branch, REFS.onto]);
  const tip = await clone.git.read(['rev-parse', 'HEAD']);
  return pickOn(clone, { replay: { plan, from, done: 0, tip, stopped: false }, leftOut: [] });
}

function refuse(detail: string): never {
  throw new UserError({ code: 'refused', detail });
}

/** Whether there is anything to do again. What somebody has pushed to the port meanwhile is not to be lost. */
function checkPlan(plan: ReplayPlan): void {
  const { commits, conflict, head, made, state } = plan;
  if (state === 'merged' || state === 'closed') refuse(`${nameOf(plan)} is ${state}`);
  if (conflict === null || commits.length === 0)
    refuse(`${nameOf(plan)} was ported without a conflict: there is nothing to solve`);
  if (head !== made)
    refuse(
      `somebody has changed ${nameOf(plan)} since it was ported (${head.slice(0, 12)}): take it from there by hand`,
    );
  if (![head, ...commits.map(({ sha }) => sha)].every(isSha))
    refuse('the server names commits that are none');
}

/** The clone in a folder; made there when the folder is empty or missing. */
async function openClone(folder: string, plan: ReplayPlan): Promise<Clone> {
  const clone = { folder, git: gitIn(folder) };
  if (await isEmpty(folder)) {
    await mkdir(dirname(resolve(folder)), { recursive: true });
    await gitIn(dirname(resolve(folder))).read([
      'clone',
      '--quiet',
      plan.clone_url,
      resolve(folder),
    ]);
    return clone;
  }
  const { code, stdout } = await clone.git.attempt(['rev-parse', '--is-inside-work-tree']);
  if (code === 0 && stdout.trim() === 'true') return clone;
  return refuse(
    `${folder} is no clone of ${plan.repository}: run this in one, or name a new folder with --dir`,
  );
}

async function isEmpty(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length === 0;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return true;
    throw error;
  }
}

/** Nobody's work may be in the way. */
async function checkClone(clone: Clone, { branch }: ReplayPlan): Promise<void> {
  const { git } = clone;
  const other = await readReplay(clone);
  if (other)
    refuse(
      `a replay of ${nameOf(other.plan)} is under way here: go on with --continue, or --abort`,
    );
  const changes = await git.read(['status', '--porcelain', '--untracked-files=no']);
  const picking = await git.attempt(['rev-parse', '--quiet', '--verify', 'CHERRY_PICK_HEAD']);
  if (changes !== '' || picking.code === 0)
    refuse(`${clone.folder} holds work that is not committed: commit or stash it first`);
  const known = await git.attempt(['rev-parse', '--quiet', '--verify', `refs/heads/${branch}`]);
  if (known.code === 0)
    refuse(`the branch ${branch} is here already: rename it or delete it first`);
}

async function whereWeAre({ git }: Clone): Promise<string> {
  const branch = await git.attempt(['symbolic-ref', '--quiet', '--short', 'HEAD']);
  return branch.code === 0 ? branch.stdout.trim() : git.read(['rev-parse', 'HEAD']);
}

/** The newest head of the target, and the commits by their id, which works whatever became of their branch. */
async function fetchSides({ git }: Clone, plan: ReplayPlan): Promise<void> {
  const { repository, clone_url: url, target, commits } = plan;
  const remote = await remoteFor(git, { repository, url });
  await git.read([
    ...['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', remote],
    `+refs/heads/${target}:${REFS.onto}`,
    `+${commits.at(-1)?.sha ?? ''}:${REFS.head}`,
  ]);
}
