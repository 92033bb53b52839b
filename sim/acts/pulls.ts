import { invalid, type Problem } from '../errors.ts';
import { relate } from '../git/graph.ts';
import type { Json } from '../json/user.ts';
import type { Sim } from '../sim.ts';
import { branchHead, isPull, nextId, stamp, userOf, type PullIssue } from '../state/state.ts';
import type { Pull, Repository, User } from '../state/types.ts';
import { checkTexts, newIssue, tell } from './issues.ts';
import { type HeadBranch, findHead } from './pull-head.ts';
import { pointPullRef } from './pull-ref.ts';
import { closePull, reopenPull } from './pull-state.ts';

/** What a new pull request is made of; `head` is `branch` or `owner:branch`. */
export interface NewPull {
  readonly title: string;
  readonly body: string | null;
  readonly head: string;
  readonly base: string;
  readonly draft: boolean;
  readonly by: User;
  /** Full name of the repository of the head, when the owner alone does not tell. */
  readonly headRepository?: string | undefined;
  readonly maintainerCanModify?: boolean | undefined;
}

const problem = (field: string, code = 'invalid'): Problem => ({
  resource: 'PullRequest',
  field,
  code,
});

const custom = (message: string): Problem => ({ resource: 'PullRequest', code: 'custom', message });

/**
 * Opens a pull request.
 *
 * @throws Refused 422 with GitHub's reasons: no such branch, nothing between the branches, one is open
 *   already for the same two branches.
 */
export async function createPull(
  sim: Sim,
  repository: Repository,
  wanted: NewPull,
): Promise<PullIssue> {
  checkTexts('PullRequest', wanted);
  const baseSha = branchHead(repository, wanted.base);
  if (baseSha === undefined) throw invalid(problem('base'));
  const head = findHead(sim, repository, wanted);
  if (!head) throw invalid(problem('head'));
  const label = `${head.owner.login}:${head.ref}`;
  if (openTwin(repository, { head, base: wanted.base }))
    throw invalid(custom(`A pull request already exists for ${label}.`));
  const store = sim.store(repository.networkId);
  const relation = await relate(store, baseSha, head.sha);
  const baseLabel = `${userOf(sim.state, repository.ownerId).login}:${wanted.base}`;
  if (relation.ahead.length === 0)
    throw invalid(custom(`No commits between ${baseLabel} and ${label}`));
  if (relation.mergeBase === null)
    throw invalid(custom(`The ${label} branch has no history in common with ${baseLabel}`));
  const issue = record(sim, repository, { wanted, head, baseSha });
  pointPullRef(sim, repository, issue, wanted.by);
  await tell(sim, repository, { issue, action: 'opened', by: wanted.by });
  sim.bus.emit('pull', { repository, issue });
  return issue;
}

function openTwin(
  repository: Repository,
  what: { head: HeadBranch; base: string },
): PullIssue | undefined {
  for (const number of repository.openPulls) {
    const issue = repository.issues.get(number);
    if (
      isPull(issue) &&
      issue.pull.headRepositoryId === what.head.repository.id &&
      issue.pull.headRef === what.head.ref &&
      issue.pull.baseRef === what.base
    )
      return issue;
  }
  return undefined;
}

function record(
  sim: Sim,
  repository: Repository,
  what: { wanted: NewPull; head: HeadBranch; baseSha: string },
): PullIssue {
  const { wanted, head, baseSha } = what;
  const issue = newIssue(sim, repository, { ...wanted, authorId: wanted.by.id });
  const pull = newPull(sim, { head, base: wanted.base, baseSha, draft: wanted.draft });
  pull.maintainerCanModify = wanted.maintainerCanModify ?? head.repository.id !== repository.id;
  repository.openPulls.add(issue.number);
  return Object.assign(issue, { pull });
}

/** The pull request side of a new issue. */
export function newPull(
  sim: Sim,
  what: { head: HeadBranch; base: string; baseSha: string; draft: boolean },
): Pull {
  const { head, base, baseSha, draft } = what;
  return {
    id: nextId(sim.state),
    headRepositoryId: head.repository.id,
    headOwnerId: head.owner.id,
    headRef: head.ref,
    headSha: head.sha,
    baseRef: base,
    baseSha,
    draft,
    merged: false,
    mergedAt: null,
    mergedById: null,
    mergeCommitSha: null,
    maintainerCanModify: false,
    requestedReviewers: [],
    requestedTeams: [],
    autoMerge: null,
    reviewIds: [],
    reviewCommentIds: [],
  };
}

/** What `PATCH …/pulls/{number}` may change. */
export interface PullChange {
  readonly issue: PullIssue;
  readonly by: User;
  readonly title?: string | undefined;
  readonly body?: string | null | undefined;
  readonly state?: 'open' | 'closed' | undefined;
  readonly base?: string | undefined;
  readonly maintainerCanModify?: boolean | undefined;
}

/** Changes texts, base or state of a pull request; each kind of change is told by its own event. */
export async function editPull(
  sim: Sim,
  repository: Repository,
  change: PullChange,
): Promise<void> {
  const { issue, by } = change;
  checkTexts('PullRequest', {
    ...(change.title === undefined ? {} : { title: change.title }),
    body: change.body ?? null,
  });
  if (change.maintainerCanModify !== undefined)
    issue.pull.maintainerCanModify = change.maintainerCanModify;
  const changes: Json = { ...(await retarget(sim, repository, change)) };
  if (change.title !== undefined && change.title !== issue.title) {
    changes['title'] = { from: issue.title };
    issue.title = change.title;
  }
  if (change.body !== undefined && change.body !== issue.body) {
    changes['body'] = { from: issue.body ?? '' };
    issue.body = change.body;
  }
  if (Object.keys(changes).length > 0) {
    issue.updatedAt = stamp();
    await tell(sim, repository, { issue, action: 'edited', by, more: { changes } });
  }
  if (change.state === 'closed') await closePull(sim, repository, { issue, by });
  if (change.state === 'open') await reopenPull(sim, repository, { issue, by });
}

async function retarget(sim: Sim, repository: Repository, change: PullChange): Promise<Json> {
  const { issue, base } = change;
  if (base === undefined || base === issue.pull.baseRef) return {};
  if (issue.state === 'closed')
    throw invalid(custom('Cannot change the base branch of a closed pull request.'));
  const sha = branchHead(repository, base);
  if (sha === undefined) throw invalid(problem('base'));
  const relation = await relate(sim.store(repository.networkId), sha, issue.pull.headSha);
  if (relation.ahead.length === 0)
    throw invalid(
      custom(
        `There are no new commits between base branch '${base}' and head branch '${issue.pull.headRef}'`,
      ),
    );
  const from = { ref: { from: issue.pull.baseRef }, sha: { from: issue.pull.baseSha } };
  issue.pull.baseRef = base;
  issue.pull.baseSha = sha;
  return { base: from };
}
