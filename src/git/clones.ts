import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createClone, type Clone } from './clone.ts';
import { gitEnvironment, TOKEN_VARIABLE, type GitIdentity } from './environment.ts';
import { removeScratch } from './leftovers.ts';
import { createMutex, type Mutex } from './mutex.ts';
import { openRepository, type OpenedClone } from './repair.ts';
import { checkRemote, type Remote } from './remote.ts';
import type { Git, GitLog } from './call.ts';
import { createGit } from './run.ts';
import { isGitRecentEnough, MINIMUM_GIT, readGitVersion, type GitVersion } from './version.ts';

/** Settings of the clones. */
export interface ClonesOptions {
  /** Folder for the clones; made if absent. Belongs to this program alone. */
  readonly root: string;
  /** Named in the reflogs of the clones. Commits get their own signatures. */
  readonly identity: GitIdentity;
  readonly log?: GitLog | undefined;
  /** The git to run, by path; that of the PATH when left out. */
  readonly program?: string | undefined;
  /** Wall time of a local command in milliseconds. */
  readonly timeoutMs?: number | undefined;
  /** Wall time of a fetch or push in milliseconds; the first fetch of a big repository takes minutes. */
  readonly networkTimeoutMs?: number | undefined;
  /** Lets remotes be folders of this machine: for tests. */
  readonly allowFile?: boolean | undefined;
}

/** All bare clones of this machine, one for each repository, by its numeric GitHub id. */
export interface Clones {
  readonly version: GitVersion;
  /**
   * Gives the clone, made on first use. One found broken is set aside and made anew, empty: what is needed
   * must be fetched again (reliability.md F-093), so ask here at the start of each piece of work.
   */
  of(repositoryId: number, remote: Remote): Promise<Clone>;
  /** Ends the git children still running. */
  close(): Promise<void>;
}

const LOCAL_TIMEOUT_MS = 2 * 60_000;
const NETWORK_TIMEOUT_MS = 10 * 60_000;

/** Prepares the folder and checks git. @throws Error when git is too old, GitError when there is none. */
export async function openClones(options: ClonesOptions): Promise<Clones> {
  const root = resolve(options.root);
  const git = await prepare(root, options);
  const version = await readGitVersion(git);
  if (!isGitRecentEnough(version)) {
    throw new Error(`git ${version.text} is too old: ${MINIMUM_GIT} or newer is needed`);
  }
  const { networkTimeoutMs = NETWORK_TIMEOUT_MS } = options;
  const opened = new Map<number, OpenedClone>();
  const locks = new Map<number, Mutex>();
  return {
    version,
    async of(repositoryId, remote) {
      checkRemote(remote);
      const lock = locks.get(repositoryId) ?? createMutex();
      locks.set(repositoryId, lock);
      const place = { root, id: repositoryId, git, lock, networkTimeoutMs, log: options.log };
      return createClone(await openRepository(place, opened), remote);
    },
    close() {
      git.close();
      return Promise.resolve();
    },
  };
}

async function prepare(root: string, options: ClonesOptions): Promise<Git> {
  const home = join(root, 'home');
  const askpass = join(root, 'askpass');
  await mkdir(home, { recursive: true });
  const overlays = join(root, 'overlays');
  await mkdir(overlays, { recursive: true });
  await removeScratch(root, overlays);
  await writeFile(askpass, `#!/bin/sh\nprintf '%s\\n' "$${TOKEN_VARIABLE}"\n`);
  await chmod(askpass, 0o700);
  const { identity, program, log, allowFile = false } = options;
  const env = gitEnvironment({ root, home, askpass, identity, allowFile });
  return createGit({ env, program, timeoutMs: options.timeoutMs ?? LOCAL_TIMEOUT_MS, log });
}
