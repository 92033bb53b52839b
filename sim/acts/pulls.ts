import { invalid, Refused, type Problem } from '../errors.ts';
import { relate } from '../git/graph.ts';
import { moveRef } from '../git/refs.ts';
import type { Json } from '../json/user.ts';
import type { Sim } from '../sim.ts';
import {
  branchHead,
  fullName,
  isPull,
  nextId,
  stamp,
  userByLogin,
  userOf,
  type PullIssue,
} from '../state/state.ts';
import type { Pull, Repository, User } from '../state/types.ts';
import { checkTexts, newIssue, tell } from './issues.ts';

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

/** The branch a pull request comes from. */
export interface HeadBranch {
  readonly repository: Repository;
  readonly ref: string;
  readonly sha: string;
  readonly owner: User;
}

const problem = (field: string, code = 'invalid'): Problem => ({
  resource: 'PullRequest',
  field,
  code,
});
const custom = (message: string): Problem => ({ resource: 'PullRequest', code: 'custom', message });

/** Finds the branch behind `owner:branch` in the fork network; null when there is none. */
export function findHead(
  sim: Sim,
  base: Repository,
  wanted: { head: string; headRepository?: string | undefined },
): HeadBranch | null {
  const colon = wanted.head.indexOf(':');
  const login = colon < 0 ? null : wanted.head.slice(0, colon);
  const ref = (colon < 0 ? wanted.head : wanted.head.slice(colon + 1)).replace(
    /^refs\/heads\//,
    '',
  );
  const owner = login === null ? userOf(sim.state, base.ownerId) : userByLogin(sim.state, login);
  if (!owner) return null;
  for (const repository of sim.state.repositories.values()) {
    if (repository.networkId !== base.networkId || repository.ownerId !== owner.id) continue;
    const named = wanted.headRepository;
    if (
      named !== undefined &&
      named !== fullName(sim.state, repository) &&
      named !== repository.name
    )
      continue;
    const sha = branchHead(repository, ref);
    if (sha !== undefined) return { repository, ref, sha, owner };
  }
  return null;
}

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

/** Keeps `refs/pull/N/head` where the head is. */
export function pointPullRef(sim: Sim, repository: Repository, issue: PullIssue, by: User): void {
  const ref = `refs/pull/${issue.number}/head`;
  const from = repository.refs.get(ref) ?? null;
  const to = issue.pull.headSha;
  if (from !== to)
    moveRef(sim, repository, { ref, from, to, forced: from !== null, actor: by.login });
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
