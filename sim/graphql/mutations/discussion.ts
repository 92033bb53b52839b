import { addComment, addReaction, deleteComment, editComment } from '../../acts/issues.ts';
import { closePull, reopenPull } from '../../acts/pull-state.ts';
import type { Reaction } from '../../state/types.ts';
import { isPull } from '../../state/state.ts';
import { fields, mustHave, textArg, type Context } from '../context.ts';
import {
  commentNode,
  issueNode,
  type CommentNode,
  type IssueNode,
  type ReviewCommentNode,
} from '../nodes.ts';
import { reactionNode, reactionWord } from '../types/discussion.ts';
import { mayTriage } from './issues.ts';
import { mutation, need, needIssue } from './mutate.ts';

function reactionsOf(node: CommentNode | IssueNode | ReviewCommentNode): Reaction[] {
  return 'comment' in node ? node.comment.reactions : node.issue.reactions;
}

const REACTABLE = ['Issue', 'PullRequest', 'IssueComment', 'PullRequestReviewComment'];

function needComment(context: Context, id: unknown): Promise<CommentNode> {
  return need<CommentNode>(context, id, ['IssueComment']);
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
});
