import { identityOf } from '../acts/merge.ts';
import { objections } from '../acts/protection.ts';
import { push } from '../acts/push.ts';
import { invalid, notFound, Refused } from '../errors.ts';
import { isAncestor } from '../git/graph.ts';
import { conflictingRef, isRefName } from '../git/refs.ts';
import { entryType, type TreeEntry } from '../git/tree.ts';
import {
  caller,
  created,
  DONE,
  flag,
  isRecord,
  needText,
  ok,
  paged,
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
import type { Repository } from '../state/types.ts';
import { storeOf } from './commitish.ts';

const SHA = /^[0-9a-f]{40}$/;

async function refJson(call: Call, repository: Repository, ref: string) {
  const sha = repository.refs.get(ref) ?? '';
  const api = repositoryApi(call, repository);
  const type = (await storeOf(call, repository).object(sha))?.type ?? 'commit';
  return {
    ref,
    node_id: nodeId('REF', `${repository.id}:${ref}`),
    url: `${api}/git/${ref}`,
    object: { sha, type, url: `${api}/git/${type}s/${sha}` },
  };
}

async function getRef(call: Call): Promise<Reply> {
  const repository = repositoryOf(call);
  const ref = `refs/${param(call, 'ref')}`;
  if (!repository.refs.has(ref)) throw notFound();
  return ok(await refJson(call, repository, ref));
}

async function matchingRefs(call: Call): Promise<Reply> {
  const repository = repositoryOf(call);
  const prefix = `refs/${call.params['ref'] ?? ''}`;
  const names = [...repository.refs.keys()].filter((one) => one.startsWith(prefix)).sort();
  return paged(call, await Promise.all(names.map((one) => refJson(call, repository, one))));
}

async function createRef(call: Call): Promise<Reply> {
  const repository = repositoryOf(call, 'write');
  const by = caller(call);
  const ref = needText(call, 'ref', 'Reference');
  const sha = needText(call, 'sha', 'Reference');
  await call.sim.locked(repository.networkId, async () => {
    await makeRef(call, repository, { ref, sha });
    await push(call.sim, repository, {
      updates: [{ ref, from: null, to: sha, forced: false }],
      by,
    });
  });
  return created(await refJson(call, repository, ref));
}

async function makeRef(call: Call, repository: Repository, what: { ref: string; sha: string }) {
  const { ref, sha } = what;
  if (!isRefName(ref) || ref.split('/').length < 3)
    throw new Refused(422, 'Reference name is not valid.');
  if (!SHA.test(sha))
    throw new Refused(
      422,
      'The sha parameter must be exactly 40 characters and contain only [0-9a-f].',
    );
  if (repository.refs.has(ref)) throw new Refused(422, 'Reference already exists');
  if (conflictingRef(repository, ref) !== null) throw new Refused(422, 'Reference update failed');
  if ((await storeOf(call, repository).object(sha)) === null)
    throw new Refused(422, 'Object does not exist');
  refuseMove(call, repository, { ref, kind: 'create', forced: false, to: sha });
}

function refuseMove(
  call: Call,
  repository: Repository,
  what: { ref: string; kind: 'create' | 'update' | 'delete'; forced: boolean; to: string | null },
): void {
  if (!what.ref.startsWith('refs/heads/')) return;
  const branch = what.ref.slice('refs/heads/'.length);
  const found = objections(call.sim, repository, {
    ...what,
    branch,
    user: caller(call),
    merges: false,
    viaMerge: false,
  });
  if (found[0]) throw new Refused(422, found[0].text);
}

async function updateRef(call: Call): Promise<Reply> {
  const repository = repositoryOf(call, 'write');
  const ref = `refs/${param(call, 'ref')}`;
  const to = needText(call, 'sha', 'Reference');
  const force = flag(call, 'force') ?? false;
  await call.sim.locked(repository.networkId, async () => {
    const from = repository.refs.get(ref);
    if (from === undefined || ref.startsWith('refs/pull/'))
      throw new Refused(422, 'Reference does not exist');
    const store = storeOf(call, repository);
    if ((await store.object(to)) === null) throw new Refused(422, 'Object does not exist');
    const forced = !(await isAncestor(store, from, to));
    if (forced && !force) throw new Refused(422, 'Update is not a fast forward');
    refuseMove(call, repository, { ref, kind: 'update', forced, to });
    await push(call.sim, repository, { updates: [{ ref, from, to, forced }], by: caller(call) });
  });
  return ok(await refJson(call, repository, ref));
}

async function deleteRef(call: Call): Promise<Reply> {
  const repository = repositoryOf(call, 'write');
  const ref = `refs/${param(call, 'ref')}`;
  await call.sim.locked(repository.networkId, async () => {
    const from = repository.refs.get(ref);
    if (from === undefined || ref.startsWith('refs/pull/'))
      throw new Refused(422, 'Reference does not exist');
    refuseMove(call, repository, { ref, kind: 'delete', forced: false, to: null });
    await push(call.sim, repository, {
      updates: [{ ref, from, to: null, forced: false }],
      by: caller(call),
    });
  });
  return DONE;
}

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

type Person = { name: string; email: string; seconds: number };

function personOf(call: Call, field: string, usual: Person): Person {
  const value = call.body[field];
  if (!isRecord(value)) return usual;
  const { name, email, date } = value;
  const seconds = typeof date === 'string' ? Math.floor(Date.parse(date) / 1000) : usual.seconds;
  if (Number.isNaN(seconds)) throw invalid({ resource: 'Commit', field: 'date', code: 'invalid' });
  return {
    name: typeof name === 'string' ? name : usual.name,
    email: typeof email === 'string' ? email : usual.email,
    seconds,
  };
}

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

/** One change to a tree: a null sha removes the path. */
export interface TreeChange {
  readonly path: string;
  readonly mode: string;
  readonly sha: string | null;
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

/** Writes a tree with some paths changed, folder by folder; gives its id. */
export async function changeTree(
  call: Pick<Call, 'sim'>,
  repository: Repository,
  what: { base: string | null; changes: readonly TreeChange[] },
): Promise<string> {
  const store = call.sim.store(repository.networkId);
  const entries = new Map<string, TreeEntry>();
  if (what.base !== null)
    for (const one of (await store.tree(what.base))?.entries ?? []) entries.set(one.path, one);
  const deeper = new Map<string, TreeChange[]>();
  for (const change of what.changes) {
    const slash = change.path.indexOf('/');
    if (slash > 0) {
      const folder = change.path.slice(0, slash);
      deeper.set(folder, [
        ...(deeper.get(folder) ?? []),
        { ...change, path: change.path.slice(slash + 1) },
      ]);
    } else if (change.sha === null) entries.delete(change.path);
    else entries.set(change.path, { mode: change.mode, path: change.path, sha: change.sha });
  }
  for (const [path, changes] of deeper) {
    const old = entries.get(path);
    const base = old?.mode === '040000' ? old.sha : null;
    const sha = await changeTree(call, repository, { base, changes });
    if (sha === '4b825dc642cb6eb9a060e54bf8d69288fbee4904') entries.delete(path);
    else entries.set(path, { mode: '040000', path, sha });
  }
  return store.writeTree([...entries.values()]);
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

async function createTag(call: Call): Promise<Reply> {
  const repository = repositoryOf(call, 'write');
  const store = storeOf(call, repository);
  const [tag, object, type] = [
    needText(call, 'tag'),
    needText(call, 'object'),
    needText(call, 'type'),
  ];
  if ((await store.object(object))?.type !== type) throw new Refused(422, 'Object does not exist');
  const who = personOf(call, 'tagger', identityOf(caller(call)));
  const message = text(call, 'message') ?? '';
  const content = `object ${object}\ntype ${type}\ntag ${tag}\ntagger ${who.name} <${who.email}> ${who.seconds} +0000\n\n${message}\n`;
  const sha = store.write('tag', Buffer.from(content));
  const made = await store.object(sha);
  return created(
    tagJson(call, repository, { sha, content: made?.content.toString('utf8') ?? content }),
  );
}

async function getTag(call: Call): Promise<Reply> {
  const repository = repositoryOf(call);
  const object = await storeOf(call, repository).object(param(call, 'tag_sha'));
  if (object?.type !== 'tag') throw notFound();
  return ok(
    tagJson(call, repository, { sha: object.sha, content: object.content.toString('utf8') }),
  );
}

function tagJson(call: Call, repository: Repository, what: { sha: string; content: string }) {
  const api = repositoryApi(call, repository);
  const field = (name: string) => new RegExp(`^${name} (.*)$`, 'm').exec(what.content)?.[1] ?? '';
  const tagger = /^tagger (.*) <(.*)> (\d+)/m.exec(what.content);
  const cut = what.content.indexOf('\n\n');
  return {
    node_id: nodeId('TAG', `${repository.id}:${what.sha}`),
    tag: field('tag'),
    sha: what.sha,
    url: `${api}/git/tags/${what.sha}`,
    message: what.content.slice(cut + 2).replace(/\n$/, ''),
    tagger: {
      name: tagger?.[1] ?? '',
      email: tagger?.[2] ?? '',
      date: new Date(Number(tagger?.[3] ?? 0) * 1000).toISOString().replace('.000', ''),
    },
    object: {
      sha: field('object'),
      type: field('type'),
      url: `${api}/git/${field('type')}s/${field('object')}`,
    },
    verification: {
      verified: false,
      reason: 'unsigned',
      signature: null,
      payload: null,
      verified_at: null,
    },
  };
}

export const gitDataRoutes = [
  route('GET', '/repos/{owner}/{repo}/git/ref/{ref+}', 'git/get-ref', getRef),
  route(
    'GET',
    '/repos/{owner}/{repo}/git/matching-refs/{ref+}',
    'git/list-matching-refs',
    matchingRefs,
  ),
  route('GET', '/repos/{owner}/{repo}/git/refs', 'git/list-matching-refs', matchingRefs),
  route('GET', '/repos/{owner}/{repo}/git/refs/{ref+}', 'git/get-ref', getRef),
  route('POST', '/repos/{owner}/{repo}/git/refs', 'git/create-ref', createRef),
  route('PATCH', '/repos/{owner}/{repo}/git/refs/{ref+}', 'git/update-ref', updateRef),
  route('DELETE', '/repos/{owner}/{repo}/git/refs/{ref+}', 'git/delete-ref', deleteRef),
  route('POST', '/repos/{owner}/{repo}/git/commits', 'git/create-commit', createCommit),
  route('GET', '/repos/{owner}/{repo}/git/commits/{sha}', 'git/get-commit', getCommit),
  route('POST', '/repos/{owner}/{repo}/git/trees', 'git/create-tree', createTree),
  route('GET', '/repos/{owner}/{repo}/git/trees/{tree_sha+}', 'git/get-tree', getTree),
  route('POST', '/repos/{owner}/{repo}/git/blobs', 'git/create-blob', createBlob),
  route('GET', '/repos/{owner}/{repo}/git/blobs/{sha}', 'git/get-blob', getBlob),
  route('POST', '/repos/{owner}/{repo}/git/tags', 'git/create-tag', createTag),
  route('GET', '/repos/{owner}/{repo}/git/tags/{tag_sha}', 'git/get-tag', getTag),
];
