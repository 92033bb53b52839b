import { type Commit, gitDate } from '../git/index.ts';
import { sha, type Sha } from '../lib/ids.ts';
import type { PullRequest } from '../models/pull-request.ts';
import { portMessage } from '../rules/port-message.ts';
import { ownCommits } from './commits.ts';
import { makeConflict } from './conflict.ts';
import type { Made, MakeOrder } from './made.ts';

/**
 * Carries the root's own commits to the head of a branch, one by one, or all as one conflict (R25, R26).
 *
 * @throws Error when a side cannot be fetched: to be tried again.
 */
export async function makePort(order: MakeOrder): Promise<Made> {
  const onto = order.onto ?? (await fetchSides(order));
  const commits = await ownCommits(order.clone, order.root);
  if (commits.length === 0) return { kind: 'impossible', reason: 'it has no commits of its own' };
  const rewrite = (commit: Commit): string =>
    portMessage(commit.message, originalOf(order.root, commit.sha));
  const committerDate = gitDate(order.now);
  const outcome = await order.clone.pick({ onto, commits, rewrite, committerDate });
  switch (outcome.kind) {
    case 'picked':
      return { kind: 'made', head: outcome.head, commitCount: commits.length, conflict: null };
    case 'conflict':
      return makeConflict(order, { onto, commits, rewrite, stop: outcome });
    case 'empty':
      return makeConflict(order, {
        onto,
        commits,
        rewrite,
        stop: { commit: outcome.commit, output: '', empty: true },
      });
    case 'unrelated':
    case 'invalid':
      return { kind: 'impossible', reason: outcome.detail };
  }
}

/** Fetches the head of the branch and the root by its sha, which works whatever became of its branch. */
async function fetchSides({ clone, root, target }: MakeOrder): Promise<Sha> {
  const outcome = await clone.fetch({ branches: [target], shas: [sha(root.head)] });
  if (outcome.kind !== 'fetched') {
    throw new Error(`cannot fetch ${outcome.what.join(', ')}: ${outcome.kind}`);
  }
  const onto = outcome.heads.get(target);
  if (onto === undefined) throw new Error(`branch ${target} was fetched without a head`);
  return onto;
}

/** The commit as merged, or the one of the pull request while it is not merged. */
function originalOf(root: PullRequest, commit: Sha): string {
  return root.commitsMap?.[commit] ?? commit;
}
