import { isAncestor, relate, type Relation } from '../git/graph.ts';
import type { MergeState, PullFigures } from '../json/pull.ts';
import { combinedState, latestStatuses } from '../json/checks.ts';
import type { Sim } from '../sim.ts';
import { branchHead, type PullIssue } from '../state/state.ts';
import type { Repository } from '../state/types.ts';
import { unmetRules } from './protection.ts';
import { lookAtMerge, tryMerge } from './test-merge.ts';

/** How a pull request's head stands to its base branch as it is now. */
export function pullRelation(
  sim: Sim,
  repository: Repository,
  issue: PullIssue,
): Promise<Relation> {
  const { pull } = issue;
  const base = pull.merged ? pull.baseSha : (branchHead(repository, pull.baseRef) ?? pull.baseSha);
  return relate(sim.store(repository.networkId), base, pull.headSha);
}

/** The figures of a pull request; `merge` says whether the merge is tried, and waited for. */
export async function pullFigures(
  sim: Sim,
  repository: Repository,
  issue: PullIssue,
  merge: 'untried' | 'asked' | 'awaited',
): Promise<PullFigures> {
  const store = sim.store(repository.networkId);
  const relation = await pullRelation(sim, repository, issue);
  const changes = await store.changes(relation.mergeBase, issue.pull.headSha);
  let mergeable: boolean | null = null;
  if (merge === 'asked' && issue.state === 'open') mergeable = lookAtMerge(sim, repository, issue);
  if (merge === 'awaited' && issue.state === 'open')
    mergeable = await tryMerge(sim, { repositoryId: repository.id, number: issue.number });
  return {
    commits: relation.ahead.length,
    additions: changes.reduce((sum, one) => sum + one.additions, 0),
    deletions: changes.reduce((sum, one) => sum + one.deletions, 0),
    changedFiles: changes.length,
    mergeable,
    behind: relation.behind.length > 0,
  };
}

/** The word GitHub puts on the merge button. */
export function mergeState(
  sim: Sim,
  repository: Repository,
  what: { issue: PullIssue; figures: PullFigures },
): MergeState {
  const { issue, figures } = what;
  if (issue.state === 'closed' || figures.mergeable === null) return 'unknown';
  if (!figures.mergeable) return 'dirty';
  if (issue.pull.draft) return 'draft';
  if (unmetRules(sim, repository, issue).length > 0) return 'blocked';
  const statuses = latestStatuses(repository, issue.pull.headSha);
  return statuses.length > 0 && combinedState(statuses) !== 'success' ? 'unstable' : 'clean';
}

/** Whether the head of a pull request has landed on a branch's new head. */
export function hasLanded(
  sim: Sim,
  repository: Repository,
  what: { head: string; target: string },
): Promise<boolean> {
  return isAncestor(sim.store(repository.networkId), what.head, what.target);
}
