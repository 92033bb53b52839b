import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sha } from '../lib/ids.ts';
import { remoteCall, type Remote } from './remote.ts';
import type { Repository } from './repository.ts';

/**
 * Finds out why a commit could not be fetched from a remote, by fetching it alone into a scratch
 * repository: git's exit code is 128 whatever went wrong, and its words are not for deciding. Nothing is blamed without a
 * counter-proof: on a full disk, or without memory, whatever is fetched fails (reliability.md F-095, F-022).
 *
 * @returns null when it is neither the commit's fault nor its absence: the clone, the line or the machine is bad.
 * @throws GitError when the remote cannot be reached.
 */
export async function whyNotFetched(
  repository: Repository,
  remote: Remote,
  id: Sha,
): Promise<'missing' | 'refused' | null> {
  const comes = (what: Omit<Probe, 'id'>) => comesAlone(repository, remote, { id, ...what });
  await askForHead(repository, remote);
  if (!(await comes(ITSELF_ALONE))) {
    const hasHead = await askForHead(repository, remote);
    const another = { id: 'HEAD', ...ITSELF_ALONE };
    if (hasHead && !(await comesAlone(repository, remote, another))) return null;
    return 'missing';
  }
  if (await comes({ depth: 50, checked: true })) return null;
  return (await comes({ depth: 50, checked: false })) ? 'refused' : null; // the same bytes, not looked at
}

/** What is fetched, and how. */
interface Probe {
  readonly id: string;
  readonly depth: number;
  readonly checked: boolean;
  /** Without trees and files, where the remote can do that. */
  readonly bare?: boolean;
}

/** One commit takes no room worth speaking of: it comes, or is not there. */
const ITSELF_ALONE = { depth: 1, checked: false, bare: true };

/** @returns whether the remote has a HEAD. @throws GitError when it does not answer. */
async function askForHead(repository: Repository, remote: Remote): Promise<boolean> {
  const args = ['ls-remote', '--quiet', '--end-of-options', remote.url, 'HEAD'];
  const { stdout } = await repository.git.run(remoteCall(repository, remote, { args }));
  return stdout.length > 0;
}

async function comesAlone(repository: Repository, remote: Remote, probe: Probe): Promise<boolean> {
  const { git, overlays } = repository;
  const dir = await mkdtemp(join(overlays, 'probe-'));
  try {
    await git.run({ args: ['init', '--bare', '--quiet', '--template=', '--', dir] });
    const flags = ['--no-tags', '--no-write-fetch-head', '--no-auto-maintenance', '--refmap='];
    if (probe.bare === true) flags.push('--filter=tree:0');
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
