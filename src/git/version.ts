import type { Git } from './call.ts';

/** A git release. */
export interface GitVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** As git prints it, with the distribution's suffix. */
  readonly text: string;
}

/** `merge-tree --write-tree` came with git 2.38. */
export const MINIMUM_GIT = '2.38';

/** Reads the line of `git --version`; null when it is none. */
export function parseGitVersion(line: string): GitVersion | null {
  const found = /^git version (\d+)\.(\d+)(?:\.(\d+))?/.exec(line);
  if (!found) return null;
  const [, major, minor, patch] = found;
  const text = line.slice('git version '.length).trim();
  return { major: Number(major), minor: Number(minor), patch: Number(patch ?? 0), text };
}

/** Tells whether this git has all the commands used here. */
export function isGitRecentEnough(version: GitVersion): boolean {
  const [major = 0, minor = 0] = MINIMUM_GIT.split('.').map(Number);
  return version.major > major || (version.major === major && version.minor >= minor);
}

/** @throws GitError when git cannot be started, Error when its answer is no version. */
export async function readGitVersion(git: Git): Promise<GitVersion> {
  const { stdout } = await git.run({ args: ['--version'] });
  const version = parseGitVersion(stdout.toString());
  if (!version) throw new Error(`cannot read the version of git: ${stdout.toString().trim()}`);
  return version;
}
