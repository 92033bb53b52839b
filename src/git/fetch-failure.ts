import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sha } from '../lib/ids.ts';
import { remoteCall, type Remote } from './remote.ts';
import type { Repository } from './repository.ts';

/**
 * Finds out why a commit could not be fetched from a remote, by fetching it alone into a scratch
 * repository: git's exit code is 128 whatever went wrong, and its words are not for deciding.
 *
 * @returns null when it is neither the commit's fault nor its absence: the clone or the line is bad.
 * @throws GitError when the remote cannot be reached.
 */
export async function whyNotFetched(
  repository: Repository,
  remote: Remote,
  id: Sha,
): Promise<'missing' | 'refused' | null> {
  await assertReachable(repository, remote);
  if (!(await comesAlone(repository, remote, { id, depth: 1, checked: false }))) {
    await assertReachable(repository, remote);
    return 'missing';
  }
  const whole = await comesAlone(repository, remote, { id, depth: 50, checked: true });
  return whole ? null : 'refused';
}

async function assertReachable(repository: Repository, remote: Remote): Promise<void> {
  const args = ['ls-remote', '--quiet', '--end-of-options', remote.url, 'HEAD'];
  await repository.git.run(remoteCall(repository, remote, { args }));
}

async function comesAlone(
  repository: Repository,
  remote: Remote,
  probe: { id: Sha; depth: number; checked: boolean },
): Promise<boolean> {
  const { git, overlays } = repository;
  const dir = await mkdtemp(join(overlays, 'probe-'));
  try {
    await git.run({ args: ['init', '--bare', '--quiet', '--template=', '--', dir] });
    const flags = ['--no-tags', '--no-write-fetch-head', '--no-auto-maintenance', '--refmap='];
    const args = ['fetch', '--quiet', `--depth=${probe.depth}`, ...flags, '--end-of-options'];
    const call = { args: [...args, remote.url, `+${probe.id}:refs/bot/probe`] };
    const env = probe.checked ? {} : unchecked;
    const exit = await git.attempt({ ...remoteCall(repository, remote, call), dir, env });
    return exit.kind === 'exit' && exit.code === 0;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** One more setting would need the number of all others: replaces them for a repository thrown away at once. */
const unchecked = {
  GIT_CONFIG_COUNT: '3',
  GIT_CONFIG_KEY_0: 'core.hooksPath',
  GIT_CONFIG_VALUE_0: '/dev/null',
  GIT_CONFIG_KEY_1: 'http.followRedirects',
  GIT_CONFIG_VALUE_1: 'false',
  GIT_CONFIG_KEY_2: 'credential.username',
  GIT_CONFIG_VALUE_2: 'x-access-token',
};
