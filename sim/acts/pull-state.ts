import { invalid, Refused } from '../errors.ts';
import { relate } from '../git/graph.ts';
import type { Sim } from '../sim.ts';
import { branchHead, stamp, type PullIssue } from '../state/state.ts';
import type { Repository, User } from '../state/types.ts';
import { tell } from './issues.ts';
import { pointPullRef } from './pull-ref.ts';

/** Closes a pull request without merging it. */
export async function closePull(
  sim: Sim,
  repository: Repository,
  what: { issue: PullIssue; by: User },
): Promise<void> {
  const { issue, by } = what;
  if (issue.state === 'closed') return;
  shut(repository, issue, by);
  await tell(sim, repository, { issue, action: 'closed', by });
}

function shut(repository: Repository, issue: PullIssue, by: User): void {
  issue.state = 'closed';
  issue.closedAt = stamp();
  issue.updatedAt = issue.closedAt;
  issue.closedById = by.id;
  issue.pull.autoMerge = null;
  repository.openPulls.delete(issue.number);
}

/**
 * Opens a closed pull request again.
 *
 * @throws Refused 422 when it is merged, its branch is gone or was forced elsewhere meanwhile.
 */
export async function reopenPull(
  sim: Sim,
  repository: Repository,
  what: { issue: PullIssue; by: User },
): Promise<void> {
  const { issue, by } = what;
  if (issue.state === 'open') return;
  const refuse = (message: string) =>
    invalid({ resource: 'PullRequest', field: 'state', code: 'invalid', message });
  if (issue.pull.merged) throw refuse('state cannot be changed. The pull request was merged.');
  const source = sim.state.repositories.get(issue.pull.headRepositoryId ?? 0);
  const sha = source && branchHead(source, issue.pull.headRef);
  if (!source || sha === undefined)
    throw refuse(`state cannot be changed. The ${issue.pull.headRef} branch has been deleted.`);
  if (branchHead(repository, issue.pull.baseRef) === undefined)
    throw refuse(`state cannot be changed. The ${issue.pull.baseRef} branch has been deleted.`);
  const relation = await relate(sim.store(repository.networkId), sha, issue.pull.headSha);
  if (relation.ahead.length > 0)
    throw refuse(
      `state cannot be changed. The ${issue.pull.headRef} branch was force-pushed or recreated.`,
    );
  issue.state = 'open';
  issue.closedAt = null;
  issue.closedById = null;
  issue.updatedAt = stamp();
  issue.pull.headSha = sha;
  repository.openPulls.add(issue.number);
  pointPullRef(sim, repository, issue, by);
  await tell(sim, repository, { issue, action: 'reopened', by });
}

/** Marks a pull request merged; `sha` is the commit its base branch got. */
export async function markMerged(
  sim: Sim,
  repository: Repository,
  what: { issue: PullIssue; by: User; sha: string },
): Promise<void> {
  const { issue, by, sha } = what;
  if (issue.state === 'closed') return;
  shut(repository, issue, by);
  issue.pull.merged = true;
  issue.pull.mergedAt = issue.closedAt;
  issue.pull.mergedById = by.id;
  issue.pull.mergeCommitSha = sha;
  await tell(sim, repository, { issue, action: 'closed', by });
}

/** Turns a pull request into a draft or makes it ready for review. */
export async function setDraft(
  sim: Sim,
  repository: Repository,
  what: { issue: PullIssue; draft: boolean; by: User },
): Promise<void> {
  const { issue, draft, by } = what;
  if (issue.state === 'closed') throw new Refused(422, 'Pull request is closed.');
  if (issue.pull.draft === draft) return;
  issue.pull.draft = draft;
  issue.updatedAt = stamp();
  const action = draft ? 'converted_to_draft' : 'ready_for_review';
  await tell(sim, repository, { issue, action, by });
}
