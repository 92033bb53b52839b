import { objections } from '../acts/protection.ts';
import { push } from '../acts/push.ts';
import { notFound, Refused } from '../errors.ts';
import { isAncestor } from '../git/graph.ts';
import { conflictingRef, isRefName } from '../git/refs.ts';
import {
  caller,
  created,
  DONE,
  flag,
  needText,
  ok,
  paged,
  param,
  repositoryOf,
  type Call,
  type Reply,
} from '../http/call.ts';
import { route } from '../http/router.ts';
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

export const refRoutes = [
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
];
