import type { Sha } from '../lib/ids.ts';
import type { Git, GitCall, GitResult } from './call.ts';
import type { ObjectReader } from './object-reader.ts';
import type { Mutex } from './mutex.ts';

/** The `.gitattributes` of trees seen lately: path to blob. Finding them anew means walking a whole tree. */
export interface AttributesMemory {
  /** Newest last. */
  readonly trees: Map<Sha, ReadonlyMap<string, Sha>>;
}

/** A bare repository on this disk, and what its functions share. */
export interface Repository {
  readonly git: Git;
  /** The bare repository. */
  readonly dir: string;
  /** Folder where merge attributes get a git directory of their own (see attributes.ts). */
  readonly overlays: string;
  /** Guards what two commands must not change at once: refs, repair. Objects need no lock. */
  readonly lock: Mutex;
  readonly objects: ObjectReader;
  readonly attributes: AttributesMemory;
  /** Wall time of a command that talks to the remote. */
  readonly networkTimeoutMs: number;
}

/** A call without its repository. */
export type RepositoryCall = Omit<GitCall, 'dir'>;

/** Runs git in the repository. @throws GitError as `Git.run`. */
export function runIn(
  repository: Repository,
  call: RepositoryCall,
  expected?: readonly number[],
): Promise<GitResult> {
  return repository.git.run({ ...call, dir: repository.dir }, expected);
}
