import { addComment, deleteComment, editComment } from '../acts/issues.ts';
import { Refused } from '../errors.ts';
import {
  caller,
  created,
  pageOf,
  repositoryOf,
  text,
  type Call,
  type Reply,
} from '../http/call.ts';
import { route } from '../http/router.ts';
import { commentJson } from '../json/issue.ts';
import type { Comment, Repository } from '../state/types.ts';
import { commentRoutes } from './comment-routes.ts';
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

export const issueCommentRoutes = [
  route('GET', `${AT}/comments`, 'issues/list-comments-for-repo', listRepositoryComments),
  ...commentRoutes({
    at: `${AT}/comments`,
    operations: {
      get: 'issues/get-comment',
      update: 'issues/update-comment',
      delete: 'issues/delete-comment',
    },
    kind: 'issue-comment',
    resource: 'IssueComment',
    all: (call) => call.state.comments,
    json: commentJson,
    edit: (call, { repository, comment, by }, body) =>
      editComment(call.sim, repository, { comment, body, by }),
    remove: (call, { repository, comment, by }) =>
      deleteComment(call.sim, repository, { comment, by }),
  }),
  route('GET', `${AT}/{issue_number}/comments`, 'issues/list-comments', listComments),
  route('POST', `${AT}/{issue_number}/comments`, 'issues/create-comment', createComment),
];
