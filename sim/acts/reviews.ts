import { invalid, Refused } from '../errors.ts';
import { pullOfWebhook, reviewCommentJson, reviewJson } from '../json/pull.ts';
import type { Json } from '../json/user.ts';
import type { Sim } from '../sim.ts';
import { isPull, nextId, stamp, type PullIssue } from '../state/state.ts';
import type { Repository, Review, ReviewComment, ReviewState, User } from '../state/types.ts';
import { emit } from '../webhooks/emit.ts';
import { mergeWaiting } from './checks.ts';
import { checkTexts } from './issues.ts';

/** What a new review is made of; without an event it stays pending, seen by its author only. */
export interface NewReview {
  readonly issue: PullIssue;
  readonly by: User;
  readonly event: 'APPROVE' | 'REQUEST_CHANGES' | 'COMMENT' | null;
  readonly body: string;
  readonly commitId?: string | undefined;
  readonly comments?: readonly NewReviewComment[] | undefined;
}

export interface NewReviewComment {
  readonly path: string;
  readonly body: string;
  readonly line: number | null;
  readonly side: 'LEFT' | 'RIGHT';
}

const STATE = {
  APPROVE: 'APPROVED',
  REQUEST_CHANGES: 'CHANGES_REQUESTED',
  COMMENT: 'COMMENTED',
} as const;

/**
 * Reviews a pull request.
 *
 * @throws Refused 422 when the author would judge his own pull request, or says nothing where he must.
 */
export async function createReview(
  sim: Sim,
  repository: Repository,
  wanted: NewReview,
): Promise<Review> {
  const { issue, by, event, body } = wanted;
  if (event !== null) mayJudge(wanted, { event, body });
  checkTexts('PullRequestReview', { body });
  const review: Review = {
    id: nextId(sim.state),
    repositoryId: repository.id,
    number: issue.number,
    authorId: by.id,
    state: 'PENDING',
    body,
    commitId: wanted.commitId ?? issue.pull.headSha,
    submittedAt: null,
  };
  sim.state.reviews.set(review.id, review);
  issue.pull.reviewIds.push(review.id);
  for (const one of wanted.comments ?? [])
    addReviewComment(sim, repository, { issue, review, by, comment: one, inReplyTo: null });
  if (event !== null) await submitReview(sim, repository, { issue, review, by, event });
  return review;
}

function mayJudge(
  wanted: { issue: PullIssue; by: User; comments?: readonly unknown[] | undefined },
  what: { event: string; body: string },
): void {
  const { issue, by } = wanted;
  const own = issue.authorId === by.id;
  if (own && what.event === 'APPROVE')
    throw new Refused(422, 'Unprocessable Entity', {
      problems: ['Can not approve your own pull request'],
    });
  if (own && what.event === 'REQUEST_CHANGES')
    throw new Refused(422, 'Unprocessable Entity', {
      problems: ['Can not request changes on your own pull request'],
    });
  if (what.event !== 'APPROVE' && what.body === '' && (wanted.comments ?? []).length === 0)
    throw new Refused(422, 'Unprocessable Entity', { problems: ['Review body can not be blank'] });
}

/** Gives a pending review its verdict and tells of it. */
export async function submitReview(
  sim: Sim,
  repository: Repository,
  what: {
    issue: PullIssue;
    review: Review;
    by: User;
    event: keyof typeof STATE;
    body?: string | undefined;
  },
): Promise<void> {
  const { issue, review, by } = what;
  if (review.state !== 'PENDING')
    throw new Refused(422, 'Unprocessable Entity', {
      problems: ['The review is already submitted'],
    });
  review.body = what.body ?? review.body;
  mayJudge(
    { issue, by, comments: commentsOf(sim, issue, review) },
    { event: what.event, body: review.body },
  );
  review.state = STATE[what.event];
  review.submittedAt = stamp();
  issue.updatedAt = review.submittedAt;
  issue.pull.requestedReviewers = issue.pull.requestedReviewers.filter((id) => id !== by.id);
  tellReview(sim, repository, { issue, review, action: 'submitted', by });
  for (const comment of commentsOf(sim, issue, review))
    tellReviewComment(sim, repository, { issue, comment, action: 'created', by });
  await mergeWaiting(sim, repository, issue.pull.headSha);
}

function commentsOf(sim: Sim, issue: PullIssue, review: Review): ReviewComment[] {
  return issue.pull.reviewCommentIds
    .flatMap((id) => sim.state.reviewComments.get(id) ?? [])
    .filter((one) => one.reviewId === review.id);
}

/** Tells of a review. In payloads GitHub writes its state in small letters. */
function tellReview(
  sim: Sim,
  repository: Repository,
  what: { issue: PullIssue; review: Review; action: string; by: User; more?: Json },
): void {
  const { issue, review, action, by, more } = what;
  const view = { sim, state: sim.state };
  const json = reviewJson(view, repository, review);
  const payload = {
    review: {
      ...json,
      state: review.state.toLowerCase(),
      body: review.body === '' ? null : review.body,
    },
    pull_request: pullOfWebhook(view, repository, issue),
    ...more,
  };
  emit(sim, { event: 'pull_request_review', action, repository, sender: by, payload });
}

/** Adds a comment on a line to a review. */
export function addReviewComment(
  sim: Sim,
  repository: Repository,
  what: {
    issue: PullIssue;
    review: Review;
    by: User;
    comment: NewReviewComment;
    inReplyTo: number | null;
  },
): ReviewComment {
  const { issue, review, by, comment } = what;
  if (comment.body === '')
    throw invalid({ resource: 'PullRequestReviewComment', field: 'body', code: 'missing_field' });
  const now = stamp();
  const made: ReviewComment = {
    id: nextId(sim.state),
    repositoryId: repository.id,
    number: issue.number,
    reviewId: review.id,
    authorId: by.id,
    inReplyTo: what.inReplyTo,
    body: comment.body,
    path: comment.path,
    line: comment.line,
    side: comment.side,
    commitId: review.commitId,
    originalCommitId: review.commitId,
    diffHunk: `@@ -${comment.line ?? 0} +${comment.line ?? 0} @@`,
    createdAt: now,
    updatedAt: now,
    reactions: [],
    resolvedById: null,
  };
  sim.state.reviewComments.set(made.id, made);
  issue.pull.reviewCommentIds.push(made.id);
  return made;
}

/** Tells of a comment on a line. */
export function tellReviewComment(
  sim: Sim,
  repository: Repository,
  what: { issue: PullIssue; comment: ReviewComment; action: string; by: User; more?: Json },
): void {
  const { issue, comment, action, by, more } = what;
  const view = { sim, state: sim.state };
  const payload = {
    comment: reviewCommentJson(view, repository, comment),
    pull_request: pullOfWebhook(view, repository, issue),
    ...more,
  };
  emit(sim, { event: 'pull_request_review_comment', action, repository, sender: by, payload });
}

/** Takes an approval or refusal back. */
export function dismissReview(
  sim: Sim,
  repository: Repository,
  what: { review: Review; by: User },
): void {
  const { review, by } = what;
  if (review.state !== 'APPROVED' && review.state !== 'CHANGES_REQUESTED')
    throw new Refused(422, 'Unprocessable Entity', {
      problems: ['Can not dismiss a comment review'],
    });
  review.state = 'DISMISSED' satisfies ReviewState;
  const issue = repository.issues.get(review.number);
  if (isPull(issue)) tellReview(sim, repository, { issue, review, action: 'dismissed', by });
}
