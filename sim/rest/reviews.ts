import {
  addReviewComment,
  createReview,
  dismissReview,
  submitReview,
  tellReviewComment,
  type NewReview,
  type NewReviewComment,
} from '../acts/reviews.ts';
import { forbidden, invalid, notFound, Refused } from '../errors.ts';
import {
  caller,
  created,
  isRecord,
  needText,
  numberParam,
  ok,
  paged,
  repositoryOf,
  text,
  type Call,
  type Reply,
} from '../http/call.ts';
import { route } from '../http/router.ts';
import { reviewCommentJson, reviewJson } from '../json/pull.ts';
import { includes, permissionOf } from '../state/permissions.ts';
import { isPull, stamp, type PullIssue } from '../state/state.ts';
import type { Repository, Review, ReviewComment } from '../state/types.ts';
import { commentRoutes, type Place } from './comment-routes.ts';
import { pullOf } from './pulls.ts';

function list(call: Call): Reply {
  const { repository, issue } = pullOf(call);
  const reviews = issue.pull.reviewIds
    .flatMap((id) => call.state.reviews.get(id) ?? [])
    .filter((one) => one.state !== 'PENDING' || one.authorId === call.actor.user?.id);
  return paged(
    call,
    reviews.map((one) => reviewJson(call, repository, one)),
  );
}

function reviewOf(call: Call): { repository: Repository; issue: PullIssue; review: Review } {
  const { repository, issue } = pullOf(call);
  const review = call.state.reviews.get(numberParam(call, 'review_id'));
  if (!review || !issue.pull.reviewIds.includes(review.id)) throw notFound();
  return { repository, issue, review };
}

function eventOf(call: Call): NewReview['event'] {
  const event = text(call, 'event') ?? null;
  if (event === null || event === 'APPROVE' || event === 'REQUEST_CHANGES' || event === 'COMMENT')
    return event;
  throw invalid({ resource: 'PullRequestReview', field: 'event', code: 'invalid' });
}

function commentsIn(call: Call): NewReviewComment[] {
  const given = call.body['comments'];
  if (!Array.isArray(given)) return [];
  return given.map((one: unknown) => {
    if (!isRecord(one) || typeof one['path'] !== 'string' || typeof one['body'] !== 'string')
      throw invalid({ resource: 'PullRequestReview', field: 'comments', code: 'invalid' });
    const line = one['line'] ?? one['position'];
    return {
      path: one['path'],
      body: one['body'],
      line: typeof line === 'number' ? line : null,
      side: one['side'] === 'LEFT' ? 'LEFT' : 'RIGHT',
    };
  });
}

async function create(call: Call): Promise<Reply> {
  const { repository, issue } = pullOf(call);
  const review = await createReview(call.sim, repository, {
    issue,
    by: caller(call),
    event: eventOf(call),
    body: text(call, 'body') ?? '',
    commitId: text(call, 'commit_id'),
    comments: commentsIn(call),
  });
  return ok(reviewJson(call, repository, review));
}

async function submit(call: Call): Promise<Reply> {
  const { repository, issue, review } = reviewOf(call);
  const by = caller(call);
  if (review.authorId !== by.id) throw notFound();
  const event = eventOf(call);
  if (event === null)
    throw invalid({ resource: 'PullRequestReview', field: 'event', code: 'missing_field' });
  await submitReview(call.sim, repository, { issue, review, by, event, body: text(call, 'body') });
  return ok(reviewJson(call, repository, review));
}

function dismiss(call: Call): Reply {
  const { repository, review } = reviewOf(call);
  needText(call, 'message', 'PullRequestReview');
  const by = caller(call);
  if (!includes(permissionOf(call.state, repository, by), 'write')) throw forbidden();
  dismissReview(call.sim, repository, { review, by });
  return ok(reviewJson(call, repository, review));
}

function listComments(call: Call): Reply {
  const { repository, issue } = pullOf(call);
  const found = issue.pull.reviewCommentIds.flatMap(
    (id) => call.state.reviewComments.get(id) ?? [],
  );
  return paged(
    call,
    found.map((one) => reviewCommentJson(call, repository, one)),
  );
}

async function addComment(call: Call, replyTo: number | null): Promise<Reply> {
  const { repository, issue } = pullOf(call);
  const by = caller(call);
  const first = replyTo === null ? undefined : call.state.reviewComments.get(replyTo);
  if (replyTo !== null && !first) throw notFound();
  const line = call.body['line'] ?? call.body['position'];
  const comment: NewReviewComment = first
    ? { path: first.path, line: first.line, side: first.side, body: needText(call, 'body') }
    : {
        path: needText(call, 'path'),
        line: typeof line === 'number' ? line : null,
        side: text(call, 'side') === 'LEFT' ? 'LEFT' : 'RIGHT',
        body: needText(call, 'body'),
      };
  const review = await createReview(call.sim, repository, {
    issue,
    by,
    event: null,
    body: '',
    commitId: text(call, 'commit_id'),
  });
  review.state = 'COMMENTED';
  review.submittedAt = stamp();
  const made = addReviewComment(call.sim, repository, {
    issue,
    review,
    by,
    comment,
    inReplyTo: first ? (first.inReplyTo ?? first.id) : null,
  });
  tellReviewComment(call.sim, repository, { issue, comment: made, action: 'created', by });
  return created(reviewCommentJson(call, repository, made));
}

function createComment(call: Call): Promise<Reply> {
  const replyTo = call.body['in_reply_to'];
  return addComment(call, typeof replyTo === 'number' ? replyTo : null);
}

/** The pull request a review comment is on; it goes with it. */
function pullWith(repository: Repository, comment: ReviewComment): PullIssue {
  const issue = repository.issues.get(comment.number);
  if (!isPull(issue)) throw notFound();
  return issue;
}

function editReviewComment(
  call: Call,
  { repository, comment, by }: Place<ReviewComment>,
  body: string,
): void {
  const issue = pullWith(repository, comment);
  const from = comment.body;
  comment.body = body;
  comment.updatedAt = stamp();
  const more = { changes: { body: { from } } };
  tellReviewComment(call.sim, repository, { issue, comment, action: 'edited', by, more });
}

function removeReviewComment(call: Call, { repository, comment, by }: Place<ReviewComment>): void {
  const issue = pullWith(repository, comment);
  const { pull } = issue;
  tellReviewComment(call.sim, repository, { issue, comment, action: 'deleted', by });
  call.state.reviewComments.delete(comment.id);
  pull.reviewCommentIds = pull.reviewCommentIds.filter((id) => id !== comment.id);
}

const AT = '/repos/{owner}/{repo}/pulls/{pull_number}';

/** Declared before the pull requests themselves: `comments` is no number. */
export const reviewRoutes = [
  route(
    'GET',
    '/repos/{owner}/{repo}/pulls/comments',
    'pulls/list-review-comments-for-repo',
    (call) => {
      const repository = repositoryOf(call);
      const found = [...call.state.reviewComments.values()].filter(
        (one) => one.repositoryId === repository.id,
      );
      return paged(
        call,
        found.map((one) => reviewCommentJson(call, repository, one)),
      );
    },
  ),
  ...commentRoutes({
    at: '/repos/{owner}/{repo}/pulls/comments',
    operations: {
      get: 'pulls/get-review-comment',
      update: 'pulls/update-review-comment',
      delete: 'pulls/delete-review-comment',
    },
    kind: 'pull-request-review-comment',
    resource: 'PullRequestReviewComment',
    all: (call) => call.state.reviewComments,
    json: reviewCommentJson,
    edit: editReviewComment,
    remove: removeReviewComment,
  }),
  route('GET', `${AT}/reviews`, 'pulls/list-reviews', list),
  route('POST', `${AT}/reviews`, 'pulls/create-review', create),
  route('GET', `${AT}/reviews/{review_id}`, 'pulls/get-review', (call) => {
    const { repository, review } = reviewOf(call);
    return ok(reviewJson(call, repository, review));
  }),
  route('PUT', `${AT}/reviews/{review_id}`, 'pulls/update-review', (call) => {
    const { repository, review } = reviewOf(call);
    if (review.authorId !== caller(call).id) throw new Refused(403, 'Must be the author');
    review.body = needText(call, 'body');
    return ok(reviewJson(call, repository, review));
  }),
  route('DELETE', `${AT}/reviews/{review_id}`, 'pulls/delete-pending-review', (call) => {
    const { repository, issue, review } = reviewOf(call);
    if (review.state !== 'PENDING' || review.authorId !== caller(call).id)
      throw new Refused(422, 'Can not delete a non-pending pull request review');
    const body = reviewJson(call, repository, review);
    issue.pull.reviewIds = issue.pull.reviewIds.filter((id) => id !== review.id);
    call.state.reviews.delete(review.id);
    return ok(body);
  }),
  route('POST', `${AT}/reviews/{review_id}/events`, 'pulls/submit-review', submit),
  route('PUT', `${AT}/reviews/{review_id}/dismissals`, 'pulls/dismiss-review', dismiss),
  route('GET', `${AT}/comments`, 'pulls/list-review-comments', listComments),
  route('POST', `${AT}/comments`, 'pulls/create-review-comment', createComment),
  route(
    'POST',
    `${AT}/comments/{comment_id}/replies`,
    'pulls/create-reply-for-review-comment',
    (call) => addComment(call, numberParam(call, 'comment_id')),
  ),
];
