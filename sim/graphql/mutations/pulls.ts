import { mergeWaiting } from '../../acts/checks.ts';
import { requestReviews } from '../../acts/involve.ts';
import { tell } from '../../acts/issues.ts';
import { mergePull } from '../../acts/merge.ts';
import { unmetRules } from '../../acts/protection.ts';
import { createPull, editPull } from '../../acts/pulls.ts';
import { setDraft } from '../../acts/pull-state.ts';
import { createReview, dismissReview, submitReview } from '../../acts/reviews.ts';
import { fullName, isPull } from '../../state/state.ts';
import type { MergeMethod, Team, User } from '../../state/types.ts';
import { fields, mustHave, textArg, textsArg, type Context } from '../context.ts';
import {
  pullNode,
  repositoryNode,
  reviewNode,
  threadNode,
  type PullNode,
  type RepositoryNode,
  type ReviewNode,
  type TeamNode,
  type ThreadNode,
  type UserNode,
} from '../nodes.ts';
import { setInvolved } from './issues.ts';
import { alone, mutation, need, needPull, needRepository, unprocessable } from './mutate.ts';

function mayEdit(context: Context, { repository, issue }: PullNode): void {
  if (issue.authorId !== context.user.id) mustHave(context, repository, 'write');
}

const REVIEW_EVENTS = ['APPROVE', 'REQUEST_CHANGES', 'COMMENT'] as const;

function reviewEvent(value: string | undefined): (typeof REVIEW_EVENTS)[number] | null {
  return REVIEW_EVENTS.find((one) => one === value) ?? null;
}

function methodOf(value: string | undefined): MergeMethod {
  return value === 'SQUASH' ? 'squash' : value === 'REBASE' ? 'rebase' : 'merge';
}

/** Asks for these reviews; without `union` they take the place of those asked for before. */
async function setReviewers(
  context: Context,
  { repository, issue }: PullNode,
  wanted: { users: readonly User[]; teams: readonly Team[]; union: boolean },
): Promise<void> {
  const { users, teams, union } = wanted;
  const { sim, user: by, state } = context;
  const { requestedReviewers, requestedTeams } = issue.pull;
  if (!union) {
    const was = requestedReviewers.flatMap((id) => state.users.get(id) ?? []);
    const were = requestedTeams.flatMap((id) => state.teams.get(id) ?? []);
    await requestReviews(sim, repository, {
      issue,
      users: was.filter((one) => !users.includes(one)),
      teams: were.filter((one) => !teams.includes(one)),
      adds: false,
      by,
    });
  }
  await requestReviews(sim, repository, { issue, users, teams, adds: true, by });
}

export const pullMutations = fields<unknown>({
  createPullRequest: mutation(async (input, context) => {
    const { repository } = await needRepository(context, input['repositoryId']);
    const source =
      input['headRepositoryId'] == null
        ? undefined
        : await need<RepositoryNode>(context, input['headRepositoryId'], ['Repository']);
    const name = (textArg(input, 'headRefName') ?? '').replace(/^refs\/heads\//, '');
    const from = source && fullName(context.state, source.repository);
    const head =
      from !== undefined && !name.includes(':') ? `${from.split('/')[0] ?? ''}:${name}` : name;
    const issue = await alone(context, repository, () =>
      createPull(context.sim, repository, {
        title: textArg(input, 'title') ?? '',
        body: textArg(input, 'body') ?? null,
        base: (textArg(input, 'baseRefName') ?? '').replace(/^refs\/heads\//, ''),
        head,
        headRepository: from,
        draft: input['draft'] === true,
        maintainerCanModify: input['maintainerCanModify'] !== false,
        by: context.user,
      }),
    );
    return { pullRequest: pullNode(repository, issue) };
  }),
  updatePullRequest: mutation(async (input, context) => {
    const source = await needPull(context, input['pullRequestId']);
    mayEdit(context, source);
    const state = textArg(input, 'state');
    await alone(context, source.repository, () =>
      editPull(context.sim, source.repository, {
        issue: source.issue,
        by: context.user,
        title: textArg(input, 'title'),
        body: textArg(input, 'body'),
        base: textArg(input, 'baseRefName'),
        state: state === 'OPEN' ? 'open' : state === 'CLOSED' ? 'closed' : undefined,
        maintainerCanModify:
          typeof input['maintainerCanModify'] === 'boolean'
            ? input['maintainerCanModify']
            : undefined,
      }),
    );
    await setInvolved(context, source, input);
    return { pullRequest: source };
  }),
  markPullRequestReadyForReview: mutation(async (input, context) => {
    const source = await needPull(context, input['pullRequestId']);
    mayEdit(context, source);
    await setDraft(context.sim, source.repository, {
      issue: source.issue,
      draft: false,
      by: context.user,
    });
    return { pullRequest: source };
  }),
  convertPullRequestToDraft: mutation(async (input, context) => {
    const source = await needPull(context, input['pullRequestId']);
    mayEdit(context, source);
    await setDraft(context.sim, source.repository, {
      issue: source.issue,
      draft: true,
      by: context.user,
    });
    return { pullRequest: source };
  }),
  mergePullRequest: mutation(async (input, context) => {
    const source = await needPull(context, input['pullRequestId']);
    mustHave(context, source.repository, 'write');
    await alone(context, source.repository, () =>
      mergePull(context.sim, source.repository, {
        issue: source.issue,
        by: context.user,
        method: methodOf(textArg(input, 'mergeMethod')),
        title: textArg(input, 'commitHeadline'),
        message: textArg(input, 'commitBody'),
        sha: textArg(input, 'expectedHeadOid'),
      }),
    );
    return {
      pullRequest: source,
      actor: { __typename: context.user.type, user: context.user } satisfies UserNode,
    };
  }),
  enablePullRequestAutoMerge: mutation(async (input, context) => {
    const source = await needPull(context, input['pullRequestId']);
    mustHave(context, source.repository, 'write');
    const { repository, issue } = source;
    if (!repository.allowAutoMerge)
      throw unprocessable('Pull request Auto merge is not allowed for this repository');
    if (unmetRules(context.sim, repository, issue).length === 0)
      throw unprocessable('Pull request is in clean status');
    issue.pull.autoMerge = {
      byId: context.user.id,
      method: methodOf(textArg(input, 'mergeMethod')),
      title: textArg(input, 'commitHeadline') ?? null,
      message: textArg(input, 'commitBody') ?? null,
    };
    await tell(context.sim, repository, {
      issue,
      action: 'auto_merge_enabled',
      by: context.user,
      more: { reason: '' },
    });
    await mergeWaiting(context.sim, repository, issue.pull.headSha);
    return { pullRequest: source };
  }),
  disablePullRequestAutoMerge: mutation(async (input, context) => {
    const source = await needPull(context, input['pullRequestId']);
    mayEdit(context, source);
    source.issue.pull.autoMerge = null;
    await tell(context.sim, source.repository, {
      issue: source.issue,
      action: 'auto_merge_disabled',
      by: context.user,
      more: { reason: '' },
    });
    return { pullRequest: source };
  }),
  addPullRequestReview: mutation(async (input, context) => {
    const { repository, issue } = await needPull(context, input['pullRequestId']);
    const review = await createReview(context.sim, repository, {
      issue,
      by: context.user,
      event: reviewEvent(textArg(input, 'event')),
      body: textArg(input, 'body') ?? '',
      commitId: textArg(input, 'commitOID'),
    });
    return { pullRequestReview: reviewNode(repository, review) };
  }),
  submitPullRequestReview: mutation(async (input, context) => {
    const { repository, review } = await need<ReviewNode>(context, input['pullRequestReviewId'], [
      'PullRequestReview',
    ]);
    const issue = repository.issues.get(review.number);
    const event = reviewEvent(textArg(input, 'event'));
    if (!isPull(issue) || event === null) throw unprocessable('Could not submit the review.');
    await submitReview(context.sim, repository, {
      issue,
      review,
      by: context.user,
      event,
      body: textArg(input, 'body'),
    });
    return { pullRequestReview: reviewNode(repository, review) };
  }),
  dismissPullRequestReview: mutation(async (input, context) => {
    const { repository, review } = await need<ReviewNode>(context, input['pullRequestReviewId'], [
      'PullRequestReview',
    ]);
    mustHave(context, repository, 'write');
    dismissReview(context.sim, repository, { review, by: context.user });
    return { pullRequestReview: reviewNode(repository, review) };
  }),
  requestReviews: mutation(async (input, context) => {
    const source = await needPull(context, input['pullRequestId']);
    mustHave(context, source.repository, 'triage');
    const users = await Promise.all(
      textsArg(input, 'userIds').map((id) => need<UserNode>(context, id, ['User'])),
    );
    const teams = await Promise.all(
      textsArg(input, 'teamIds').map((id) => need<TeamNode>(context, id, ['Team'])),
    );
    await setReviewers(context, source, {
      users: users.map((one) => one.user),
      teams: teams.map((one) => one.team),
      union: input['union'] === true,
    });
    return { pullRequest: source };
  }),
  resolveReviewThread: mutation(async (input, context) => {
    const { repository, first } = await need<ThreadNode>(context, input['threadId'], [
      'PullRequestReviewThread',
    ]);
    first.resolvedById = context.user.id;
    return { thread: threadNode(repository, first) };
  }),
  unresolveReviewThread: mutation(async (input, context) => {
    const { repository, first } = await need<ThreadNode>(context, input['threadId'], [
      'PullRequestReviewThread',
    ]);
    first.resolvedById = null;
    return { thread: threadNode(repository, first) };
  }),
  updateRepository: mutation(async (input, context) => {
    const { repository } = await needRepository(context, input['repositoryId']);
    mustHave(context, repository, 'admin');
    repository.description = textArg(input, 'description') ?? repository.description;
    return { repository: repositoryNode(repository) };
  }),
});
