import { closingReferences } from '../../acts/closing.ts';
import { mergeState, pullFigures, pullRelation } from '../../acts/figures.ts';
import { unmetRules } from '../../acts/protection.ts';
import { tryMerge } from '../../acts/test-merge.ts';
import { association } from '../../json/issue.ts';
import { nodeId } from '../../json/user.ts';
import { fullName, isPull, type PullIssue } from '../../state/state.ts';
import type { Review } from '../../state/types.ts';
import { connection } from '../connection.ts';
import { fields, textsArg, type Context, type Fields } from '../context.ts';
import {
  authorNode,
  commentNode,
  commitNodeOf,
  issueId,
  issueNode,
  labelNode,
  milestoneNode,
  refNode,
  repositoryNode,
  reviewNode,
  threadNode,
  userNodeOf,
  type IssueNode,
  type PullNode,
} from '../nodes.ts';
import { rollup } from './commits.ts';
import { reactionGroups, reactionsOf } from './discussion.ts';
import { labelsBy } from './selection.ts';

const issue = fields<IssueNode>({
  id: (source) => issueId(source.issue),
  databaseId: (source) => source.issue.pull?.id ?? source.issue.id,
  fullDatabaseId: (source) => source.issue.pull?.id ?? source.issue.id,
  number: (source) => source.issue.number,
  title: (source) => source.issue.title,
  body: (source) => source.issue.body ?? '',
  bodyText: (source) => source.issue.body ?? '',
  state: (source) => source.issue.state.toUpperCase(),
  stateReason: (source) => source.issue.stateReason?.toUpperCase() ?? null,
  closed: (source) => source.issue.state === 'closed',
  closedAt: (source) => source.issue.closedAt,
  createdAt: (source) => source.issue.createdAt,
  publishedAt: (source) => source.issue.createdAt,
  updatedAt: (source) => source.issue.updatedAt,
  lastEditedAt: () => null,
  locked: (source) => source.issue.locked,
  author: (source, _args, context) => authorNode(context, source.issue.authorId),
  authorAssociation: (source, _args, context) =>
    association(context, source.repository, source.issue.authorId),
  repository: (source) => repositoryNode(source.repository),
  url: (source, _args, context) => pageOf(context, source),
  resourcePath: (source, _args, context) => new URL(pageOf(context, source)).pathname,
  labels: (source, args) => {
    const all = source.issue.labels.flatMap((id) => source.repository.labels.get(id) ?? []);
    const list = labelsBy(all, args);
    return connection(list, args, {
      name: 'labels',
      make: (label) => labelNode(source.repository, label),
    });
  },
  assignees: (source, args, context) =>
    connection(source.issue.assignees, args, {
      name: 'assignees',
      make: (id) => userNodeOf(context, id),
    }),
  milestone: (source) => {
    const found = source.repository.milestones.get(source.issue.milestone ?? 0);
    return found ? milestoneNode(source.repository, found) : null;
  },
  comments: (source, args, { state }) => {
    const list = source.issue.commentIds.flatMap((id) => state.comments.get(id) ?? []);
    return connection(list, args, {
      name: 'comments',
      make: (one) => commentNode(source.repository, one),
    });
  },
  reactions: (source, args, context) => reactionsOf(context, source.issue.reactions, args),
  reactionGroups: (source, _args, context) => reactionGroups(context, source.issue.reactions),
  participants: (source, args, context) => {
    const ids = new Set([
      source.issue.authorId,
      ...source.issue.commentIds.flatMap((id) => context.state.comments.get(id)?.authorId ?? []),
    ]);
    return connection([...ids], args, {
      name: 'participants',
      make: (id) => userNodeOf(context, id),
    });
  },
  projectCards: (_source, args) =>
    connection([], args, { name: 'projectCards', make: (one) => one }),
  projectItems: (_source, args) =>
    connection([], args, { name: 'projectItems', make: (one) => one }),
});

function pageOf(context: Context, source: IssueNode): string {
  const kind = isPull(source.issue) ? 'pull' : 'issues';
  return `${context.sim.url}/${fullName(context.state, source.repository)}/${kind}/${source.issue.number}`;
}

const figures = (source: PullNode, context: Context, merge: 'untried' | 'asked' = 'untried') =>
  pullFigures(context.sim, source.repository, source.issue, merge);

const pull = {
  ...issue,
  ...fields<PullNode>({
    state: ({ issue: one }) => (one.pull.merged ? 'MERGED' : one.state.toUpperCase()),
    isDraft: ({ issue: one }) => one.pull.draft,
    merged: ({ issue: one }) => one.pull.merged,
    mergedAt: ({ issue: one }) => one.pull.mergedAt,
    mergedBy: ({ issue: one }, _args, context) => authorNode(context, one.pull.mergedById),
    mergeCommit: ({ repository, issue: one }, _args, context) =>
      commitNodeOf(context, repository, one.pull.mergeCommitSha),
    potentialMergeCommit: async ({ repository, issue: one }, _args, context) => {
      if (one.state === 'closed') return null;
      const what = { repositoryId: repository.id, number: one.number };
      await tryMerge(context.sim, what);
      const sha = repository.refs.get(`refs/pull/${one.number}/merge`);
      return commitNodeOf(context, repository, sha);
    },
    headRefName: ({ issue: one }) => one.pull.headRef,
    headRefOid: ({ issue: one }) => one.pull.headSha,
    headRef: ({ issue: one }, _args, { state }) => {
      const source = state.repositories.get(one.pull.headRepositoryId ?? 0);
      const ref = `refs/heads/${one.pull.headRef}`;
      return source?.refs.has(ref) ? refNode(source, ref) : null;
    },
    headRepository: ({ issue: one }, _args, { state }) => {
      const source = state.repositories.get(one.pull.headRepositoryId ?? 0);
      return source ? repositoryNode(source) : null;
    },
    headRepositoryOwner: ({ issue: one }, _args, context) =>
      one.pull.headRepositoryId === null ? null : authorNode(context, one.pull.headOwnerId),
    baseRefName: ({ issue: one }) => one.pull.baseRef,
    baseRefOid: ({ issue: one }) => one.pull.baseSha,
    baseRef: ({ repository, issue: one }) =>
      repository.refs.has(`refs/heads/${one.pull.baseRef}`)
        ? refNode(repository, `refs/heads/${one.pull.baseRef}`)
        : null,
    baseRepository: ({ repository }) => repositoryNode(repository),
    isCrossRepository: ({ repository, issue: one }) => one.pull.headRepositoryId !== repository.id,
    maintainerCanModify: ({ issue: one }) => one.pull.maintainerCanModify,
    permalink: (source, _args, context) => pageOf(context, source),
    additions: async (source, _args, context) => (await figures(source, context)).additions,
    deletions: async (source, _args, context) => (await figures(source, context)).deletions,
    changedFiles: async (source, _args, context) => (await figures(source, context)).changedFiles,
    mergeable: async (source, _args, context) => {
      const { mergeable } = await figures(source, context, 'asked');
      return mergeable === null ? 'UNKNOWN' : mergeable ? 'MERGEABLE' : 'CONFLICTING';
    },
    mergeStateStatus: async (source, _args, context) => {
      const found = await figures(source, context, 'asked');
      return mergeState(context.sim, source.repository, {
        issue: source.issue,
        figures: found,
      }).toUpperCase();
    },
    reviewDecision: ({ repository, issue: one }, _args, context) =>
      decision(context, { repository, issue: one }),
    commits: async ({ repository, issue: one }, args, context) => {
      const { ahead } = await pullRelation(context.sim, repository, one);
      return connection(ahead.slice(0, 250), args, {
        name: 'commits',
        make: async (sha) => ({
          __typename: 'PullRequestCommit',
          id: nodeId('PRC', `${one.pull.id}:${sha}`),
          commit: await commitNodeOf(context, repository, sha),
        }),
      });
    },
    files: async ({ repository, issue: one }, args, context) => {
      const { mergeBase } = await pullRelation(context.sim, repository, one);
      const list = await context.sim
        .store(repository.networkId)
        .changes(mergeBase, one.pull.headSha);
      const make = (file: (typeof list)[number]) => ({
        path: file.path,
        additions: file.additions,
        deletions: file.deletions,
        changeType: CHANGE[file.status],
        viewerViewedState: 'UNVIEWED',
      });
      return connection(list, args, { name: 'files', make });
    },
    reviews: ({ repository, issue: one }, args, context) => {
      const states = textsArg(args, 'states');
      const list = reviewsOf(context, one).filter(
        (review) => states.length === 0 || states.includes(review.state),
      );
      return connection(list, args, {
        name: 'reviews',
        make: (review) => reviewNode(repository, review),
      });
    },
    latestReviews: ({ repository, issue: one }, args, context) => {
      const latest = new Map(reviewsOf(context, one).map((review) => [review.authorId, review]));
      return connection([...latest.values()], args, {
        name: 'latestReviews',
        make: (review) => reviewNode(repository, review),
      });
    },
    reviewThreads: ({ repository, issue: one }, args, { state }) => {
      const list = one.pull.reviewCommentIds
        .flatMap((id) => state.reviewComments.get(id) ?? [])
        .filter((each) => each.inReplyTo === null);
      return connection(list, args, {
        name: 'reviewThreads',
        make: (first) => threadNode(repository, first),
      });
    },
    reviewRequests: ({ issue: one }, args, context) => {
      const users = one.pull.requestedReviewers.map((id) => userNodeOf(context, id));
      return connection(users, args, {
        name: 'reviewRequests',
        make: (requestedReviewer) => ({ requestedReviewer, asCodeOwner: false }),
      });
    },
    closingIssuesReferences: ({ repository, issue: one }, args, context) => {
      const list = closingReferences(context.sim, repository, one.body ?? '').flatMap(
        ({ home, number }) => {
          const found = home.issues.get(number);
          return found && !isPull(found) ? [issueNode(home, found)] : [];
        },
      );
      return connection(list, args, { name: 'closingIssuesReferences', make: (node) => node });
    },
    statusCheckRollup: ({ repository, issue: one }) => rollup(repository, one.pull.headSha),
    autoMergeRequest: ({ issue: one }, _args, context) => {
      const auto = one.pull.autoMerge;
      return (
        auto && {
          enabledBy: authorNode(context, auto.byId),
          mergeMethod: auto.method.toUpperCase(),
          commitHeadline: auto.title,
          commitBody: auto.message,
        }
      );
    },
    isInMergeQueue: () => false,
    isMergeQueueEnabled: () => false,
    mergeQueueEntry: () => null,
    viewerCanUpdate: (source, _args, context) => source.issue.authorId === context.user.id,
  }),
};

const CHANGE = {
  added: 'ADDED',
  removed: 'DELETED',
  modified: 'MODIFIED',
  renamed: 'RENAMED',
  copied: 'COPIED',
  changed: 'CHANGED',
} as const;

function reviewsOf(context: Context, one: PullIssue): Review[] {
  return one.pull.reviewIds
    .flatMap((id) => context.state.reviews.get(id) ?? [])
    .filter((review) => review.state !== 'PENDING' || review.authorId === context.user.id);
}

function decision(
  context: Context,
  source: { repository: PullNode['repository']; issue: PullIssue },
): string | null {
  const latest = new Map(
    reviewsOf(context, source.issue)
      .filter((one) => one.state === 'APPROVED' || one.state === 'CHANGES_REQUESTED')
      .map((one) => [one.authorId, one.state]),
  );
  if ([...latest.values()].includes('CHANGES_REQUESTED')) return 'CHANGES_REQUESTED';
  if (
    unmetRules(context.sim, source.repository, source.issue).some((one) => one.includes('review'))
  )
    return 'REVIEW_REQUIRED';
  return latest.size > 0 ? 'APPROVED' : null;
}

export const pullTypes: Readonly<Record<string, Fields>> = { Issue: issue, PullRequest: pull };
