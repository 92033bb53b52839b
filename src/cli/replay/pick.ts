import { writeFile } from 'node:fs/promises';
import { UserError } from '../../lib/errors.ts';
import { portMessage } from '../../rules/port-message.ts';
import { type Progress, type Replay, type ReplayPlan } from './plan.ts';
import { remoteFor } from './remote.ts';
import { type Clone, forgetReplay, pathIn, writeReplay } from './state.ts';

/** A replay and what was left out of it so far. */
export interface Advance {
  readonly replay: Replay;
  readonly leftOut: readonly string[];
}

type PlannedCommit = ReplayPlan['commits'][number];

/** Picks commit after commit, each with the message of a port (R25), until one needs a person or none is left. */
export async function pickOn(clone: Clone, advance: Advance): Promise<Progress> {
  const { leftOut } = advance;
  let { replay } = advance;
  for (const commit of replay.plan.commits.slice(replay.done)) {
    await writeReplay(clone, replay);
    const files = await pick(clone, commit);
    if (files !== null) {
      replay = { ...replay, stopped: true };
      await writeReplay(clone, replay);
      return { leftOut, standing: { kind: 'stopped', replay, files } };
    }
    replay = await advanced(clone, replay);
  }
  const push = await pushCommand(clone, replay.plan);
  await forgetReplay(clone);
  return { leftOut, standing: { kind: 'done', replay, push } };
}

/** The replay after one more commit. */
export async function advanced({ git }: Clone, replay: Replay): Promise<Replay> {
  const tip = await git.read(['rev-parse', 'HEAD']);
  return { ...replay, done: replay.done + 1, tip, stopped: false };
}

/** Paths in conflict, none when the commit changes nothing here; null: it is picked. */
async function pick(clone: Clone, commit: PlannedCommit): Promise<readonly string[] | null> {
  const { git } = clone;
  const { sha } = commit;
  const message = portMessage(
    await git.read(['log', '-1', '--encoding=UTF-8', '--format=%B', sha]),
    commit.original,
  );
  const parents = (await git.read(['rev-list', '--parents', '-n', '1', sha])).split(' ').length - 1;
  const mainline = parents > 1 ? ['--mainline', '1'] : []; // a merge counts by its first parent (R30)
  const exit = await git.attempt(['cherry-pick', ...mainline, sha]);
  if (exit.code === 0) {
    // the copy is as new as the pick: hooks have seen its content, and its author stays
    await git.read(['commit', '--amend', '--quiet', '--no-verify', '--file=-'], `${message}\n`);
    return null;
  }
  if (!(await isPicking(clone)))
    throw new UserError({ code: 'git', detail: exit.stderr.trim() || 'git cherry-pick failed' });
  await writeFile(await pathIn(clone, 'MERGE_MSG'), `${message}\n`);
  return unmerged(clone);
}

/** Whether git waits for a pick to be finished. */
export async function isPicking({ git }: Clone): Promise<boolean> {
  const { code } = await git.attempt(['rev-parse', '--quiet', '--verify', 'CHERRY_PICK_HEAD']);
  return code === 0;
}

/** Paths that are still in conflict. */
export async function unmerged({ git }: Clone): Promise<string[]> {
  const listed = await git.read(['diff', '--name-only', '--diff-filter=U', '-z']);
  return [...new Set(listed.split('\0').filter(Boolean))];
}

/** Moves the port's branch only if it still is where the replay found it: nobody's work is overwritten (I-36). */
async function pushCommand({ git }: Clone, plan: ReplayPlan): Promise<string[]> {
  const remote = await remoteFor(git, { repository: plan.remote, url: plan.push_url });
  const ref = `refs/heads/${plan.branch}`;
  return ['git', 'push', `--force-with-lease=${ref}:${plan.head}`, remote, `${ref}:${ref}`];
}
