import { sha, type Sha } from '../lib/ids.ts';
import { branchRef, isBranchName } from './branch-name.ts';
import type { Repository, RepositoryCall } from './repository.ts';
import type { GitCall } from './call.ts';

/** Where a repository is fetched from and pushed to. */
export interface Remote {
  /** Without credentials. */
  readonly url: string;
  /** Password for the remote. Reaches git by the environment of the one child, never by argv, URL or config. */
  readonly token?: string | undefined;
}

/** @throws TypeError when the URL holds credentials or is no URL. */
export function checkRemote(remote: Remote): void {
  const { username, password } = new URL(remote.url);
  if (username !== '' || password !== '') throw new TypeError('credentials in the URL of a remote');
}

/** A call that talks to the remote: with its token, and as much time as such a call gets. */
export function remoteCall(repository: Repository, remote: Remote, call: RepositoryCall): GitCall {
  const { dir, networkTimeoutMs } = repository;
  return { timeoutMs: networkTimeoutMs, dir, ...call, token: remote.token, remote: true };
}

/** Asks the remote where branches are. A branch it does not have is not in the answer. @throws GitError */
export async function readRemoteHeads(
  repository: Repository,
  remote: Remote,
  branches: readonly string[],
): Promise<Map<string, Sha>> {
  const wanted = new Map(branches.filter(isBranchName).map((name) => [branchRef(name), name]));
  if (wanted.size === 0) return new Map();
  const args = ['ls-remote', '--refs', '--end-of-options', remote.url, ...wanted.keys()];
  const { stdout } = await repository.git.run(remoteCall(repository, remote, { args }));
  const heads = new Map<string, Sha>();
  for (const line of stdout.toString().split('\n')) {
    const [id = '', ref = ''] = line.split('\t');
    const name = wanted.get(ref); // git also answers refs which only end like the one asked for
    if (name !== undefined) heads.set(name, sha(id));
  }
  return heads;
}
