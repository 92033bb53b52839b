import type { PullIssue } from '../state/state.ts';
import { userOf } from '../state/state.ts';
import type { Pull, Repository, Review, ReviewComment, Team, User } from '../state/types.ts';
import { association, labelsJson, milestoneOf, reactionsJson } from './issue.ts';
import { repositoryApi, repositoryHtml, repositoryJson } from './repository.ts';
import {
  briefTeamJson,
  maybeUser,
  nodeId,
  teamJson,
  userById,
  userJson,
  type Json,
  type View,
} from './user.ts';
import { without } from './without.ts';

/** What costs a look into git; null where nobody has looked yet. */
export interface PullFigures {
  readonly commits: number;
  readonly additions: number;
  readonly deletions: number;
  readonly changedFiles: number;
  readonly mergeable: boolean | null;
  readonly behind: boolean;
}

/** The merge button's word for it, as far as the simulator knows the branch's rules. */
export type MergeState =
  'unknown' | 'clean' | 'dirty' | 'blocked' | 'draft' | 'unstable' | 'behind';

/** The commit its base branch got; before that, the newest test merge. */
function mergeCommit(repository: Repository, { number, pull }: PullIssue): string | null {
  return pull.mergeCommitSha ?? repository.refs.get(`refs/pull/${number}/merge`) ?? null;
}

/** A pull request as lists show it. */
export function pullJson(view: View, repository: Repository, issue: PullIssue): Json {
  const { pull } = issue;
  const api = repositoryApi(view, repository);
  const url = `${api}/pulls/${issue.number}`;
  const issueUrl = `${api}/issues/${issue.number}`;
  const html = `${repositoryHtml(view, repository)}/pull/${issue.number}`;
  const statuses = `${api}/statuses/${pull.headSha}`;
  const head = pull.headRepositoryId;
  const source = head === null ? undefined : view.state.repositories.get(head);
  const headUser = userOf(view.state, pull.headOwnerId);
  return {
    url,
    id: pull.id,
    node_id: nodeId('PR', pull.id),
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: issueUrl,
    number: issue.number,
    state: issue.state,
    locked: issue.locked,
    title: issue.title,
    user: userById(view, issue.authorId),
    body: issue.body,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: mergeCommit(repository, issue),
    assignee: maybeUser(view, issue.assignees[0] ?? null),
    assignees: issue.assignees.map((id) => userById(view, id)),
    requested_reviewers: pull.requestedReviewers.map((id) => userById(view, id)),
    requested_teams: teamsOf(view, pull).map((one) => teamJson(view, one)),
    labels: labelsJson(view, repository, issue.labels),
    milestone: milestoneOf(view, repository, issue),
    draft: pull.draft,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${api}/pulls/comments{/number}`,
    comments_url: `${issueUrl}/comments`,
    statuses_url: statuses,
    head: sideJson(view, { repository: source ?? null, user: headUser }, [
      pull.headRef,
      pull.headSha,
    ]),
    base: sideJson(view, { repository, user: userOf(view.state, repository.ownerId) }, [
      pull.baseRef,
      pull.baseSha,
    ]),
    _links: {
      self: { href: url },
      html: { href: html },
      issue: { href: issueUrl },
      comments: { href: `${issueUrl}/comments` },
      review_comments: { href: `${url}/comments` },
      review_comment: { href: `${api}/pulls/comments{/number}` },
      commits: { href: `${url}/commits` },
      statuses: { href: statuses },
    },
    author_association: association(view, repository, issue.authorId),
    auto_merge: autoMergeJson(view, issue),
    active_lock_reason: null,
  };
}

function teamsOf(view: View, pull: Pull): Team[] {
  return pull.requestedTeams.flatMap((id) => view.state.teams.get(id) ?? []);
}

/** A pull request as webhooks about its reviews carry it. */
export function pullOfWebhook(view: View, repository: Repository, issue: PullIssue): Json {
  return { ...pullJson(view, repository, issue), requested_teams: briefTeams(view, issue.pull) };
}

/** The teams asked for a review as webhooks carry them. */
export function briefTeams(view: View, pull: Pull): Json[] {
  return teamsOf(view, pull).map((one) => briefTeamJson(view, one));
}

/** `GET /repos/{owner}/{repo}/pulls/{number}`; webhooks carry it with {@link briefTeams}. */
export function fullPullJson(
  view: View,
  repository: Repository,
  subject: { issue: PullIssue; figures: PullFigures; mergeState: MergeState },
): Json {
  const { issue, figures } = subject;
  return {
    ...pullJson(view, repository, issue),
    requested_teams: teamsOf(view, issue.pull).map((one) => without(teamJson(view, one), 'parent')),
    merged: issue.pull.merged,
    mergeable: figures.mergeable,
    rebaseable: figures.mergeable,
    mergeable_state: subject.mergeState,
    merged_by: maybeUser(view, issue.pull.mergedById),
    comments: issue.commentIds.length,
    review_comments: issue.pull.reviewCommentIds.length,
    maintainer_can_modify: issue.pull.maintainerCanModify,
    commits: figures.commits,
    additions: figures.additions,
    deletions: figures.deletions,
    changed_files: figures.changedFiles,
  };
}

function sideJson(
  view: View,
  side: { repository: Repository | null; user: User },
  [ref, sha]: readonly [string, string],
): Json {
  return {
    label: `${side.user.login}:${ref}`,
    ref,
    sha,
    user: userJson(view, side.user),
    repo: side.repository ? repositoryJson(view, side.repository) : null,
  };
}

function autoMergeJson(view: View, issue: PullIssue): Json | null {
  const auto = issue.pull.autoMerge;
  if (!auto) return null;
  return {
    enabled_by: userById(view, auto.byId),
    merge_method: auto.method,
    commit_title: auto.title ?? issue.title,
    commit_message: auto.message ?? '',
  };
}

/** A review of a pull request. */
export function reviewJson(view: View, repository: Repository, review: Review): Json {
  const html = `${repositoryHtml(view, repository)}/pull/${review.number}`;
  const url = `${repositoryApi(view, repository)}/pulls/${review.number}`;
  return {
    id: review.id,
    node_id: nodeId('PRR', review.id),
    user: userById(view, review.authorId),
    body: review.body,
    state: review.state,
    html_url: `${html}#pullrequestreview-${review.id}`,
    pull_request_url: url,
    author_association: association(view, repository, review.authorId),
    _links: {
      html: { href: `${html}#pullrequestreview-${review.id}` },
      pull_request: { href: url },
    },
    ...(review.submittedAt === null ? {} : { submitted_at: review.submittedAt }),
    commit_id: review.commitId,
  };
}

/** A comment on a line of the diff. */
export function reviewCommentJson(view: View, repository: Repository, one: ReviewComment): Json {
  const api = repositoryApi(view, repository);
  const url = `${api}/pulls/comments/${one.id}`;
  const html = `${repositoryHtml(view, repository)}/pull/${one.number}#discussion_r${one.id}`;
  const pull = `${api}/pulls/${one.number}`;
  return {
    url,
    pull_request_review_id: one.reviewId,
    id: one.id,
    node_id: nodeId('PRRC', one.id),
    diff_hunk: one.diffHunk,
    path: one.path,
    position: one.line,
    original_position: one.line,
    commit_id: one.commitId,
    original_commit_id: one.originalCommitId,
    ...(one.inReplyTo === null ? {} : { in_reply_to_id: one.inReplyTo }),
    user: userById(view, one.authorId),
    body: one.body,
    created_at: one.createdAt,
    updated_at: one.updatedAt,
    html_url: html,
    pull_request_url: pull,
    author_association: association(view, repository, one.authorId),
    _links: { self: { href: url }, html: { href: html }, pull_request: { href: pull } },
    start_line: null,
    original_start_line: null,
    start_side: null,
    line: one.line,
    original_line: one.line,
    side: one.side,
    subject_type: one.line === null ? 'file' : 'line',
    reactions: reactionsJson(one.reactions, url),
  };
}
