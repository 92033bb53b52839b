import { Refused } from '../errors.ts';
import type { Commit } from '../git/commit.ts';
import type { Call } from '../http/call.ts';
import type { Store } from '../git/store.ts';
import { findHead } from '../acts/pull-head.ts';
import type { Repository } from '../state/types.ts';

/** The object store of a repository. */
export function storeOf(call: Call, repository: Repository): Store {
  return call.sim.store(repository.networkId);
}

/** The commit a name stands for: branch, tag, full ref, `owner:branch`, or (short) commit id. */
export async function resolve(
  call: Call,
  repository: Repository,
  name: string,
): Promise<Commit | null> {
  const store = storeOf(call, repository);
  const wanted = name === 'HEAD' || name === '' ? repository.defaultBranch : name;
  const sha =
    repository.refs.get(`refs/heads/${wanted}`) ??
    repository.refs.get(`refs/tags/${wanted}`) ??
    repository.refs.get(wanted) ??
    repository.refs.get(`refs/${wanted}`) ??
    (wanted.includes(':') ? findHead(call.sim, repository, { head: wanted })?.sha : undefined);
  const object = await store.object(sha ?? (/^[0-9a-f]{7,40}$/.test(wanted) ? wanted : ''));
  if (object?.type === 'tag') {
    const target = /^object ([0-9a-f]{40})/.exec(object.content.toString('utf8'))?.[1];
    return target === undefined ? null : store.commit(target);
  }
  return object?.type === 'commit' ? store.commit(object.sha) : null;
}

/** Like {@link resolve}. @throws Refused 422 in GitHub's words. */
export async function needCommit(
  call: Call,
  repository: Repository,
  name: string,
): Promise<Commit> {
  const commit = await resolve(call, repository, name);
  if (!commit) throw new Refused(422, `No commit found for SHA: ${name}`);
  return commit;
}
