import { sha, type Sha } from '../lib/ids.ts';
import { readCommits, type Commit } from './objects.ts';
import { runIn, type Repository } from './repository.ts';
import { pathOf, records } from './text.ts';

/** Commits of a head that are not in another history. */
export interface CommitRange {
  /** Nothing reachable from here is listed: usually the head of the target. */
  readonly exclude: Sha;
  readonly head: Sha;
  /** At most so many, the newest ones. Left out: all. */
  readonly limit?: number | undefined;
}

/** Lists commits parents before children, oldest first. */
export async function listCommits(repository: Repository, range: CommitRange): Promise<Commit[]> {
  const { exclude, head, limit } = range;
  const most = limit === undefined ? [] : [`--max-count=${limit}`];
  const flags = ['rev-list', '--topo-order', '--reverse', ...most, '--end-of-options'];
  const { stdout } = await runIn(repository, { args: [...flags, head, `^${exclude}`] });
  return readCommits(repository, words(stdout).map(sha));
}

/** Lists what a branch went through, newest first: of a merge only its first parent is followed. */
export async function listFirstParents(
  repository: Repository,
  head: Sha,
  limit: number,
): Promise<Commit[]> {
  const args = ['rev-list', '--first-parent', `--max-count=${limit}`, '--end-of-options', head];
  const { stdout } = await runIn(repository, { args });
  return readCommits(repository, words(stdout).map(sha));
}

function words(output: Buffer): string[] {
  return output.toString().split('\n').filter(Boolean);
}

/** Tells whether `older` is `newer` or in its history. @throws GitError when one of them is missing. */
export async function isAncestor(repository: Repository, older: Sha, newer: Sha): Promise<boolean> {
  const args = ['merge-base', '--is-ancestor', older, newer];
  const { code } = await runIn(repository, { args }, [0, 1]);
  return code === 0;
}

/** Counts the first-parent commits of `base` which `head` does not have (spec/mergebot.md 5.5, "too old"). */
export async function countBehind(repository: Repository, base: Sha, head: Sha): Promise<number> {
  const flags = ['rev-list', '--count', '--first-parent', '--end-of-options'];
  const { stdout } = await runIn(repository, { args: [...flags, base, `^${head}`] });
  return Number(stdout.toString().trim());
}

/** Names of a million files of usual depth. As a set they take four times as much memory. */
const MOST_PATHS_BYTES = 64 * 1024 * 1024;

/**
 * Gives the paths that differ between two commits, in the form of `pathText`. A rename counts with both
 * its names: renames are not looked for, so it is one path gone and one come. Seven objects can be ten million paths: of
 * so many none is given (reliability.md F-104, B-083).
 *
 * @returns null: there are more than can be looked at.
 */
export async function changedPaths(
  repository: Repository,
  from: Sha,
  to: Sha,
): Promise<Set<string> | null> {
  const flags = ['-r', '-z', '--name-only', '--no-renames', '--no-ext-diff', '--no-textconv'];
  const args = ['diff-tree', ...flags, '--end-of-options', from, to];
  const call = { args, dir: repository.dir, mostBytes: MOST_PATHS_BYTES };
  const exit = await repository.git.attempt(call);
  if (exit.kind === 'overflow') return null;
  if (exit.kind !== 'exit' || exit.code !== 0) throw repository.git.failure(call, exit);
  return new Set(records(exit.stdout).map(pathOf));
}
