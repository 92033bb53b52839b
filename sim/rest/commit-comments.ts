import { notFound } from '../errors.ts';
import {
  caller,
  created,
  DONE,
  needText,
  numberParam,
  ok,
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
import type { CommitComment, Repository } from '../state/types.ts';
import { emit } from '../webhooks/emit.ts';
import { needCommit } from './commitish.ts';
import { reactionRoutes } from './reactions.ts';

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

function commentOf(call: Call): { repository: Repository; comment: CommitComment } {
  const repository = repositoryOf(call);
  const comment = call.state.commitComments.get(numberParam(call, 'comment_id'));
  if (comment?.repositoryId !== repository.id) throw notFound();
  return { repository, comment };
}

function change(call: Call): Reply {
  const { repository, comment } = commentOf(call);
  if (comment.authorId !== caller(call).id) repositoryOf(call, 'write');
  if (call.method === 'DELETE') {
    call.state.commitComments.delete(comment.id);
    return DONE;
  }
  comment.body = needText(call, 'body', 'CommitComment');
  comment.updatedAt = stamp();
  return ok(commitCommentJson(call, repository, comment));
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
  route('GET', `${AT}/comments/{comment_id}`, 'repos/get-commit-comment', (call) => {
    const { repository, comment } = commentOf(call);
    return ok(commitCommentJson(call, repository, comment));
  }),
  route('PATCH', `${AT}/comments/{comment_id}`, 'repos/update-commit-comment', change),
  route('DELETE', `${AT}/comments/{comment_id}`, 'repos/delete-commit-comment', change),
  ...reactionRoutes(
    `${AT}/comments/{comment_id}`,
    'commit-comment',
    (call) => commentOf(call).comment,
  ),
];
