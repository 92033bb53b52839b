import { addComment, deleteComment, editComment } from '../acts/issues.ts';
import { forbidden, notFound, Refused } from '../errors.ts';
import {
  caller,
  created,
  DONE,
  needText,
  numberParam,
  ok,
  pageOf,
  repositoryOf,
  text,
  type Call,
  type Reply,
} from '../http/call.ts';
import { route } from '../http/router.ts';
import { commentJson } from '../json/issue.ts';
import { includes, permissionOf } from '../state/permissions.ts';
import type { Comment, Repository } from '../state/types.ts';
import { reactionRoutes } from './reactions.ts';
import { issueOf, AT } from './issue.ts';

function comments(call: Call, repository: Repository, list: readonly Comment[]): Reply {
  const since = call.query.get('since');
  const found = since === null ? list : list.filter((one) => one.updatedAt >= since);
  return pageOf(call, {
    length: found.length,
    slice: (from, to) => found.slice(from, to).map((one) => commentJson(call, repository, one)),
  });
}

function listComments(call: Call): Reply {
  const { repository, issue } = issueOf(call);
  return comments(
    call,
    repository,
    issue.commentIds.flatMap((id) => call.state.comments.get(id) ?? []),
  );
}

function listRepositoryComments(call: Call): Reply {
  const repository = repositoryOf(call);
  const all = [...call.state.comments.values()].filter((one) => one.repositoryId === repository.id);
  if (call.query.get('sort') === 'updated')
    all.sort((a, b) => a.updatedAt.localeCompare(b.updatedAt));
  if (call.query.get('direction') === 'desc') all.reverse();
  return comments(call, repository, all);
}

function createComment(call: Call): Reply {
  const { repository, issue } = issueOf(call);
  const by = caller(call);
  if (repository.archived) throw new Refused(403, 'Repository was archived so is read-only.');
  const comment = addComment(call.sim, repository, { issue, body: text(call, 'body') ?? '', by });
  return created(commentJson(call, repository, comment));
}

function commentOf(call: Call): { repository: Repository; comment: Comment } {
  const repository = repositoryOf(call);
  const comment = call.state.comments.get(numberParam(call, 'comment_id'));
  if (comment?.repositoryId !== repository.id) throw notFound();
  return { repository, comment };
}

function changeComment(call: Call): Reply {
  const { repository, comment } = commentOf(call);
  const by = caller(call);
  if (by.id !== comment.authorId && !includes(permissionOf(call.state, repository, by), 'write'))
    throw forbidden();
  if (call.method === 'DELETE') {
    deleteComment(call.sim, repository, { comment, by });
    return DONE;
  }
  editComment(call.sim, repository, { comment, body: needText(call, 'body', 'IssueComment'), by });
  return ok(commentJson(call, repository, comment));
}

export const issueCommentRoutes = [
  route('GET', `${AT}/comments`, 'issues/list-comments-for-repo', listRepositoryComments),
  route('GET', `${AT}/comments/{comment_id}`, 'issues/get-comment', (call) => {
    const { repository, comment } = commentOf(call);
    return ok(commentJson(call, repository, comment));
  }),
  route('PATCH', `${AT}/comments/{comment_id}`, 'issues/update-comment', changeComment),
  route('DELETE', `${AT}/comments/{comment_id}`, 'issues/delete-comment', changeComment),
  ...reactionRoutes(
    `${AT}/comments/{comment_id}`,
    'issue-comment',
    (call) => commentOf(call).comment,
  ),
  route('GET', `${AT}/{issue_number}/comments`, 'issues/list-comments', listComments),
  route('POST', `${AT}/{issue_number}/comments`, 'issues/create-comment', createComment),
];
