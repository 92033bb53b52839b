import { association } from '../../json/issue.ts';
import { nodeId } from '../../json/user.ts';
import { fullName, isPull } from '../../state/state.ts';
import type { Reaction, ReviewComment } from '../../state/types.ts';
import { connection } from '../connection.ts';
import { fields, type Args, type Context, type Fields } from '../context.ts';
import {
  authorNode,
  commitNodeOf,
  issueNode,
  pullNode,
  repositoryNode,
  reviewCommentNode,
  reviewNode,
  type CommentNode,
  type RepositoryNode,
  type ReviewCommentNode,
  type ReviewNode,
  type ThreadNode,
} from '../nodes.ts';

const REACTIONS: Readonly<Record<string, string>> = {
  '+1': 'THUMBS_UP',
  '-1': 'THUMBS_DOWN',
  laugh: 'LAUGH',
  confused: 'CONFUSED',
  heart: 'HEART',
  hooray: 'HOORAY',
  eyes: 'EYES',
  rocket: 'ROCKET',
};

/** The REST word for GraphQL's. */
export function reactionWord(content: string): string {
  return Object.entries(REACTIONS).find(([, name]) => name === content)?.[0] ?? content;
}

/** One reaction as a plain node. */
export function reactionNode(context: Context, one: Reaction) {
  return {
    __typename: 'Reaction',
    id: nodeId('REA', one.id),
    databaseId: one.id,
    content: REACTIONS[one.content],
    createdAt: one.createdAt,
    user: authorNode(context, one.userId),
  };
}

/** The `reactions` connection of anything that has some. */
export function reactionsOf(context: Context, list: readonly Reaction[], args: Args) {
  const wanted = args['content'];
  const found = list.filter(
    (one) => typeof wanted !== 'string' || REACTIONS[one.content] === wanted,
  );
  return {
    ...connection(found, args, { name: 'reactions', make: (one) => reactionNode(context, one) }),
    viewerHasReacted: found.some((one) => one.userId === context.user.id),
  };
}

/** Reactions grouped by kind; GitHub lists all eight kinds. */
export function reactionGroups(context: Context, list: readonly Reaction[]) {
  return Object.entries(REACTIONS).map(([word, content]) => {
    const found = list.filter((one) => one.content === word);
    return {
      content,
      createdAt: found[0]?.createdAt ?? null,
      viewerHasReacted: found.some((one) => one.userId === context.user.id),
      users: { totalCount: found.length },
      reactors: { totalCount: found.length },
    };
  });
}

/** What comments of all kinds have in common. */
function written<S extends RepositoryNode>(
  of: (source: S) => {
    id: string;
    number: number;
    authorId: number;
    body: string;
    createdAt: string;
    updatedAt: string;
  },
) {
  return fields<S>({
    id: (source) => of(source).id,
    author: (source, _args, context) => authorNode(context, of(source).authorId),
    authorAssociation: (source, _args, context) =>
      association(context, source.repository, of(source).authorId),
    body: (source) => of(source).body,
    bodyText: (source) => of(source).body,
    createdAt: (source) => of(source).createdAt,
    publishedAt: (source) => of(source).createdAt,
    updatedAt: (source) => of(source).updatedAt,
    lastEditedAt: (source) =>
      of(source).updatedAt === of(source).createdAt ? null : of(source).updatedAt,
    includesCreatedEdit: (source) => of(source).updatedAt !== of(source).createdAt,
    editor: () => null,
    viewerDidAuthor: (source, _args, context) => of(source).authorId === context.user.id,
    repository: ({ repository }) => repositoryNode(repository),
    pullRequest: (source) => {
      const issue = source.repository.issues.get(of(source).number);
      return isPull(issue) ? pullNode(source.repository, issue) : null;
    },
  });
}

const page = (context: Context, source: RepositoryNode, number: number): string =>
  `${context.sim.url}/${fullName(context.state, source.repository)}/${isPull(source.repository.issues.get(number)) ? 'pull' : 'issues'}/${number}`;

const comment = {
  ...written<CommentNode>(({ comment: one }) => ({ ...one, id: nodeId('IC', one.id) })),
  ...fields<CommentNode>({
    databaseId: ({ comment: one }) => one.id,
    fullDatabaseId: ({ comment: one }) => one.id,
    url: (source, _args, context) =>
      `${page(context, source, source.comment.number)}#issuecomment-${source.comment.id}`,
    issue: ({ repository, comment: one }) => {
      const issue = repository.issues.get(one.number);
      return issue && !isPull(issue) ? issueNode(repository, issue) : null;
    },
    isMinimized: ({ comment: one }) => one.minimized !== null,
    minimizedReason: ({ comment: one }) => one.minimized?.toLowerCase() ?? null,
    reactions: ({ comment: one }, args, context) => reactionsOf(context, one.reactions, args),
    reactionGroups: ({ comment: one }, _args, context) => reactionGroups(context, one.reactions),
  }),
};

const review = {
  ...written<ReviewNode>(({ review: one }) => ({
    ...one,
    id: nodeId('PRR', one.id),
    createdAt: one.submittedAt ?? '',
    updatedAt: one.submittedAt ?? '',
  })),
  ...fields<ReviewNode>({
    databaseId: ({ review: one }) => one.id,
    fullDatabaseId: ({ review: one }) => one.id,
    state: ({ review: one }) => one.state,
    submittedAt: ({ review: one }) => one.submittedAt,
    commit: ({ repository, review: one }, _args, context) =>
      commitNodeOf(context, repository, one.commitId),
    url: (source, _args, context) =>
      `${page(context, source, source.review.number)}#pullrequestreview-${source.review.id}`,
    comments: ({ repository, review: one }, args, { state }) => {
      const list = [...state.reviewComments.values()].filter((each) => each.reviewId === one.id);
      return connection(list, args, {
        name: 'comments',
        make: (each) => reviewCommentNode(repository, each),
      });
    },
    reactionGroups: (_source, _args, context) => reactionGroups(context, []),
  }),
};

const reviewComment = {
  ...written<ReviewCommentNode>(({ comment: one }) => ({ ...one, id: nodeId('PRRC', one.id) })),
  ...fields<ReviewCommentNode>({
    databaseId: ({ comment: one }) => one.id,
    fullDatabaseId: ({ comment: one }) => one.id,
    path: ({ comment: one }) => one.path,
    line: ({ comment: one }) => one.line,
    originalLine: ({ comment: one }) => one.line,
    position: ({ comment: one }) => one.line,
    diffHunk: ({ comment: one }) => one.diffHunk,
    outdated: () => false,
    state: () => 'SUBMITTED',
    commit: ({ repository, comment: one }, _args, context) =>
      commitNodeOf(context, repository, one.commitId),
    url: (source, _args, context) =>
      `${page(context, source, source.comment.number)}#discussion_r${source.comment.id}`,
    replyTo: ({ repository, comment: one }, _args, { state }) => {
      const first = state.reviewComments.get(one.inReplyTo ?? 0);
      return first ? reviewCommentNode(repository, first) : null;
    },
    pullRequestReview: ({ repository, comment: one }, _args, { state }) => {
      const found = state.reviews.get(one.reviewId);
      return found ? reviewNode(repository, found) : null;
    },
    reactionGroups: ({ comment: one }, _args, context) => reactionGroups(context, one.reactions),
  }),
};

const thread = fields<ThreadNode>({
  id: ({ first }) => nodeId('PRRT', first.id),
  isResolved: ({ first }) => first.resolvedById !== null,
  isOutdated: () => false,
  isCollapsed: ({ first }) => first.resolvedById !== null,
  path: ({ first }) => first.path,
  line: ({ first }) => first.line,
  resolvedBy: ({ first }, _args, context) => authorNode(context, first.resolvedById),
  repository: ({ repository }) => repositoryNode(repository),
  comments: ({ repository, first }, args, { state }) => {
    const list: ReviewComment[] = [...state.reviewComments.values()].filter(
      (one) => one.id === first.id || one.inReplyTo === first.id,
    );
    return connection(list, args, {
      name: 'comments',
      make: (one) => reviewCommentNode(repository, one),
    });
  },
});

export const discussionTypes: Readonly<Record<string, Fields>> = {
  IssueComment: comment,
  PullRequestReview: review,
  PullRequestReviewComment: reviewComment,
  PullRequestReviewThread: thread,
};
