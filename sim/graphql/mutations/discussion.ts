import {
  addComment,
  addLabels,
  addReaction,
  deleteComment,
  editComment,
  removeLabels,
  setIssueState,
  createIssue,
} from '../../acts/issues.ts';
import { closePull, reopenPull } from '../../acts/pull-state.ts';
import { createLabel } from '../../acts/repositories.ts';
import type { Reaction } from '../../state/types.ts';
import { isPull } from '../../state/state.ts';
import { fields, mustHave, textArg, textsArg, type Context } from '../context.ts';
import {
  commentNode,
  issueNode,
  labelNode,
  type CommentNode,
  type IssueNode,
  type LabelNode,
  type ReviewCommentNode,
} from '../nodes.ts';
import { reactionNode, reactionWord } from '../types/discussion.ts';
import { mutation, need, needIssue, needRepository } from './mutate.ts';

function mayTriage(context: Context, { repository, issue }: IssueNode): void {
  if (issue.authorId !== context.user.id) mustHave(context, repository, 'triage');
}

function reactionsOf(node: CommentNode | IssueNode | ReviewCommentNode): Reaction[] {
  return 'comment' in node ? node.comment.reactions : node.issue.reactions;
}

const REACTABLE = ['Issue', 'PullRequest', 'IssueComment', 'PullRequestReviewComment'];

function needComment(context: Context, id: unknown): Promise<CommentNode> {
  return need<CommentNode>(context, id, ['IssueComment']);
}

async function labelsOf(context: Context, ids: readonly string[]): Promise<LabelNode[]> {
  return Promise.all(ids.map((id) => need<LabelNode>(context, id, ['Label'])));
}

export const discussionMutations = fields<unknown>({
  addComment: mutation(async (input, context) => {
    const { repository, issue } = await needIssue(context, input['subjectId']);
    const comment = addComment(context.sim, repository, {
      issue,
      body: textArg(input, 'body') ?? '',
      by: context.user,
    });
    const node = commentNode(repository, comment);
    const subject = issueNode(repository, issue);
    return { commentEdge: { node, cursor: String(comment.id) }, subject };
  }),
  updateIssueComment: mutation(async (input, context) => {
    const { repository, comment } = await needComment(context, input['id']);
    if (comment.authorId !== context.user.id) mustHave(context, repository, 'write');
    editComment(context.sim, repository, {
      comment,
      body: textArg(input, 'body') ?? '',
      by: context.user,
    });
    return { issueComment: commentNode(repository, comment) };
  }),
  deleteIssueComment: mutation(async (input, context) => {
    const { repository, comment } = await needComment(context, input['id']);
    if (comment.authorId !== context.user.id) mustHave(context, repository, 'write');
    deleteComment(context.sim, repository, { comment, by: context.user });
    return {};
  }),
  minimizeComment: mutation(async (input, context) => {
    const { repository, comment } = await needComment(context, input['subjectId']);
    if (comment.authorId !== context.user.id) mustHave(context, repository, 'triage');
    comment.minimized = textArg(input, 'classifier') ?? 'OUTDATED';
    return { minimizedComment: commentNode(repository, comment) };
  }),
  unminimizeComment: mutation(async (input, context) => {
    const { repository, comment } = await needComment(context, input['subjectId']);
    if (comment.authorId !== context.user.id) mustHave(context, repository, 'triage');
    comment.minimized = null;
    return { unminimizedComment: commentNode(repository, comment) };
  }),
  addReaction: mutation(async (input, context) => {
    const subject = await need<CommentNode | IssueNode | ReviewCommentNode>(
      context,
      input['subjectId'],
      REACTABLE,
    );
    const content = reactionWord(textArg(input, 'content') ?? '');
    const { reaction } = addReaction(context.sim, reactionsOf(subject), {
      content,
      by: context.user,
    });
    return { reaction: reactionNode(context, reaction), subject };
  }),
  removeReaction: mutation(async (input, context) => {
    const subject = await need<CommentNode | IssueNode | ReviewCommentNode>(
      context,
      input['subjectId'],
      REACTABLE,
    );
    const content = reactionWord(textArg(input, 'content') ?? '');
    const list = reactionsOf(subject);
    const at = list.findIndex((one) => one.content === content && one.userId === context.user.id);
    const [gone] = at < 0 ? [] : list.splice(at, 1);
    return { reaction: gone ? reactionNode(context, gone) : null, subject };
  }),
  addLabelsToLabelable: mutation(async (input, context) => {
    const source = await needIssue(context, input['labelableId']);
    mustHave(context, source.repository, 'triage');
    const labels = await labelsOf(context, textsArg(input, 'labelIds'));
    await addLabels(context.sim, source.repository, {
      issue: source.issue,
      names: labels.map((one) => one.label.name),
      by: context.user,
    });
    return { labelable: source };
  }),
  removeLabelsFromLabelable: mutation(async (input, context) => {
    const source = await needIssue(context, input['labelableId']);
    mustHave(context, source.repository, 'triage');
    const labels = await labelsOf(context, textsArg(input, 'labelIds'));
    await removeLabels(context.sim, source.repository, {
      issue: source.issue,
      labels: labels.map((one) => one.label),
      by: context.user,
    });
    return { labelable: source };
  }),
  createLabel: mutation(async (input, context) => {
    const { repository } = await needRepository(context, input['repositoryId']);
    mustHave(context, repository, 'triage');
    const label = createLabel(context.sim, repository, {
      name: textArg(input, 'name') ?? '',
      color: textArg(input, 'color'),
      description: textArg(input, 'description') ?? null,
    });
    return { label: labelNode(repository, label) };
  }),
  createIssue: mutation(async (input, context) => {
    const { repository } = await needRepository(context, input['repositoryId']);
    const issue = await createIssue(context.sim, repository, {
      title: textArg(input, 'title') ?? '',
      body: textArg(input, 'body') ?? null,
      by: context.user,
    });
    return { issue: issueNode(repository, issue) };
  }),
  closeIssue: mutation(async (input, context) => {
    const source = await needIssue(context, input['issueId']);
    mayTriage(context, source);
    const reason = textArg(input, 'stateReason') === 'NOT_PLANNED' ? 'not_planned' : 'completed';
    await setIssueState(context.sim, source.repository, {
      issue: source.issue,
      state: 'closed',
      by: context.user,
      reason,
    });
    return { issue: source };
  }),
  reopenIssue: mutation(async (input, context) => {
    const source = await needIssue(context, input['issueId']);
    mayTriage(context, source);
    await setIssueState(context.sim, source.repository, {
      issue: source.issue,
      state: 'open',
      by: context.user,
    });
    return { issue: source };
  }),
  closePullRequest: mutation(async (input, context) => {
    const source = await needIssue(context, input['pullRequestId']);
    mayTriage(context, source);
    const { issue } = source;
    if (isPull(issue)) await closePull(context.sim, source.repository, { issue, by: context.user });
    return { pullRequest: source };
  }),
  reopenPullRequest: mutation(async (input, context) => {
    const source = await needIssue(context, input['pullRequestId']);
    mayTriage(context, source);
    const { issue } = source;
    if (isPull(issue))
      await reopenPull(context.sim, source.repository, { issue, by: context.user });
    return { pullRequest: source };
  }),
  addAssigneesToAssignable: mutation(async (input, context) => {
    const source = await needIssue(context, input['assignableId']);
    mustHave(context, source.repository, 'triage');
    const users = await Promise.all(
      textsArg(input, 'assigneeIds').map((id) =>
        need<{ __typename: string; user: { id: number } }>(context, id, ['User', 'Bot']),
      ),
    );
    source.issue.assignees = [
      ...new Set([...source.issue.assignees, ...users.map((one) => one.user.id)]),
    ];
    return { assignable: source };
  }),
});
