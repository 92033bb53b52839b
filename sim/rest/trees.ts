import { notFound, Refused } from '../errors.ts';
import { entryType, type TreeEntry } from '../git/tree.ts';
import {
  created,
  isRecord,
  ok,
  param,
  repositoryOf,
  text,
  type Call,
  type Reply,
} from '../http/call.ts';
import { route } from '../http/router.ts';
import { repositoryApi } from '../json/repository.ts';
import type { Repository } from '../state/types.ts';
import { storeOf } from './commitish.ts';
import { type TreeChange, changeTree } from '../git/change-tree.ts';

async function treeJson(call: Call, repository: Repository, name: string, deep: boolean) {
  const store = storeOf(call, repository);
  const api = repositoryApi(call, repository);
  const found = await store.tree(name);
  if (!found) throw notFound();
  const tree: unknown[] = [];
  const add = async (entries: readonly TreeEntry[], prefix: string): Promise<void> => {
    for (const one of entries) {
      const type = entryType(one.mode);
      const size =
        type === 'blob' ? { size: (await store.object(one.sha))?.content.length ?? 0 } : {};
      const url = type === 'commit' ? {} : { url: `${api}/git/${type}s/${one.sha}` };
      tree.push({ path: prefix + one.path, mode: one.mode, type, sha: one.sha, ...size, ...url });
      if (deep && type === 'tree')
        await add((await store.tree(one.sha))?.entries ?? [], `${prefix}${one.path}/`);
    }
  };
  await add(found.entries, '');
  return { sha: found.sha, url: `${api}/git/trees/${found.sha}`, tree, truncated: false };
}

async function getTree(call: Call): Promise<Reply> {
  const repository = repositoryOf(call);
  const name = param(call, 'tree_sha');
  const sha = repository.refs.get(`refs/heads/${name}`) ?? name;
  const commit = await storeOf(call, repository).commit(sha);
  return ok(await treeJson(call, repository, commit?.tree ?? sha, call.query.has('recursive')));
}

async function createTree(call: Call): Promise<Reply> {
  const repository = repositoryOf(call, 'write');
  const store = storeOf(call, repository);
  const base = text(call, 'base_tree');
  const given = call.body['tree'];
  if (!Array.isArray(given)) throw new Refused(422, 'Invalid tree info');
  const changes = given.map((one: unknown): TreeChange => {
    if (!isRecord(one) || typeof one['path'] !== 'string')
      throw new Refused(422, 'Invalid tree info');
    const content = one['content'];
    const sha =
      typeof content === 'string' ? store.write('blob', Buffer.from(content)) : one['sha'];
    if (sha !== null && typeof sha !== 'string') throw new Refused(422, 'Invalid tree info');
    return {
      path: one['path'],
      mode: typeof one['mode'] === 'string' ? one['mode'] : '100644',
      sha,
    };
  });
  const baseTree = base === undefined ? null : ((await store.commit(base))?.tree ?? base);
  if (baseTree !== null && !(await store.tree(baseTree)))
    throw new Refused(422, 'base_tree is not a valid tree oid');
  const sha = await changeTree(call, repository, { base: baseTree, changes });
  return created(await treeJson(call, repository, sha, false));
}

export const treeRoutes = [
  route('POST', '/repos/{owner}/{repo}/git/trees', 'git/create-tree', createTree),
  route('GET', '/repos/{owner}/{repo}/git/trees/{tree_sha+}', 'git/get-tree', getTree),
];
