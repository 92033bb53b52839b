import {
  caller,
  created,
  needText,
  paged,
  param,
  repositoryOf,
  text,
  type Call,
  type Reply,
} from '../http/call.ts';
import { route } from '../http/router.ts';
import { commitCommentJson } from '../json/issue.ts';
import { nextId, stamp } from '../state/state.ts';
import type { CommitComment } from '../state/types.ts';
import { emit } from '../webhooks/emit.ts';
import { commentRoutes } from './comment-routes.ts';
import { needCommit } from './commitish.ts';

function list(call: Call, keep: (one: CommitComment) => boolean): Reply {
  const repository = repositoryOf(call);
  const found = [...call.state.commitComments.values()].filter(
    (one) => one.repositoryId === repository.id && keep(one),
  );
  return paged(
    call,
    found.map((one) => commitCommentJson(call, repository, one)),
  );
}

async function create(call: Call): Promise<Reply> {
  const repository = repositoryOf(call);
  const by = caller(call);
  const { sha } = await needCommit(call, repository, param(call, 'ref'));
  const now = stamp();
  const { line, position } = call.body;
  const comment: CommitComment = {
    id: nextId(call.state),
    repositoryId: repository.id,
    sha,
    authorId: by.id,
    body: needText(call, 'body', 'CommitComment'),
    path: text(call, 'path') ?? null,
    position: typeof position === 'number' ? position : null,
    line: typeof line === 'number' ? line : null,
    createdAt: now,
    updatedAt: now,
    reactions: [],
  };
  call.state.commitComments.set(comment.id, comment);
  const json = commitCommentJson(call, repository, comment);
  emit(call.sim, {
    event: 'commit_comment',
    action: 'created',
    repository,
    sender: by,
    payload: { comment: json },
  });
  return created(json);
}

const AT = '/repos/{owner}/{repo}';

export const commitCommentRoutes = [
  route('GET', `${AT}/comments`, 'repos/list-commit-comments-for-repo', (call) =>
    list(call, () => true),
  ),
  route('GET', `${AT}/commits/{ref}/comments`, 'repos/list-comments-for-commit', (call) =>
    list(call, (one) => one.sha === param(call, 'ref')),
  ),
  route('POST', `${AT}/commits/{ref}/comments`, 'repos/create-commit-comment', create),
  ...commentRoutes({
    at: `${AT}/comments`,
    operations: {
      get: 'repos/get-commit-comment',
      update: 'repos/update-commit-comment',
      delete: 'repos/delete-commit-comment',
    },
    kind: 'commit-comment',
    resource: 'CommitComment',
    all: (call) => call.state.commitComments,
    json: commitCommentJson,
    edit: (_call, { comment }, body) => {
      comment.body = body;
      comment.updatedAt = stamp();
    },
    remove: (call, { comment }) => call.state.commitComments.delete(comment.id),
  }),
];
