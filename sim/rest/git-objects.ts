import { identityOf } from '../acts/merge.ts';
import { notFound, Refused } from '../errors.ts';
import {
  caller,
  created,
  needText,
  ok,
  param,
  repositoryOf,
  text,
  texts,
  type Call,
  type Reply,
} from '../http/call.ts';
import { route } from '../http/router.ts';
import { gitCommitJson } from '../json/commit.ts';
import { repositoryApi } from '../json/repository.ts';
import { nodeId } from '../json/user.ts';
import { storeOf } from './commitish.ts';

import { personOf } from './person.ts';

async function getCommit(call: Call): Promise<Reply> {
  const repository = repositoryOf(call);
  const commit = await storeOf(call, repository).commit(param(call, 'sha'));
  if (!commit) throw notFound();
  return ok(gitCommitJson(call, repository, commit));
}

async function createCommit(call: Call): Promise<Reply> {
  const repository = repositoryOf(call, 'write');
  const store = storeOf(call, repository);
  const tree = needText(call, 'tree', 'Commit');
  if ((await store.object(tree))?.type !== 'tree')
    throw new Refused(422, 'Tree SHA does not exist');
  const parents = texts(call.body['parents']) ?? [];
  for (const parent of parents)
    if (!(await store.commit(parent)))
      throw new Refused(422, 'Parent SHA does not exist or is not a commit object');
  const author = personOf(call, 'author', identityOf(caller(call)));
  const committer = personOf(call, 'committer', author);
  const message = needText(call, 'message', 'Commit');
  const sha = store.writeCommit({ tree, parents, author, committer, message });
  const commit = await store.commit(sha);
  if (!commit) throw notFound();
  return created(gitCommitJson(call, repository, commit));
}

function createBlob(call: Call): Reply {
  const repository = repositoryOf(call, 'write');
  const base64 = text(call, 'encoding') === 'base64';
  const content = Buffer.from(text(call, 'content') ?? '', base64 ? 'base64' : 'utf8');
  const sha = storeOf(call, repository).write('blob', content);
  return created({ sha, url: `${repositoryApi(call, repository)}/git/blobs/${sha}` });
}

async function getBlob(call: Call): Promise<Reply> {
  const repository = repositoryOf(call);
  const object = await storeOf(call, repository).object(param(call, 'sha'));
  if (object?.type !== 'blob') throw notFound();
  const { sha, content } = object;
  return ok({
    sha,
    node_id: nodeId('B', `${repository.id}:${sha}`),
    size: content.length,
    url: `${repositoryApi(call, repository)}/git/blobs/${sha}`,
    content: content.toString('base64'),
    encoding: 'base64',
  });
}

export const gitObjectRoutes = [
  route('POST', '/repos/{owner}/{repo}/git/commits', 'git/create-commit', createCommit),
  route('GET', '/repos/{owner}/{repo}/git/commits/{sha}', 'git/get-commit', getCommit),
  route('POST', '/repos/{owner}/{repo}/git/blobs', 'git/create-blob', createBlob),
  route('GET', '/repos/{owner}/{repo}/git/blobs/{sha}', 'git/get-blob', getBlob),
];
