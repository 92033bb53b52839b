import type { RefUpdate } from '../git/refs.ts';
import { writeHead } from '../git/skeleton.ts';
import type { Sim } from '../sim.ts';
import type { Repository } from '../state/types.ts';

/** Makes a branch the default one, for clones too. */
export function setDefaultBranch(sim: Sim, repository: Repository, branch: string): void {
  repository.defaultBranch = branch;
  writeHead(sim.gitDir(repository), branch);
}

/** The first branch of an empty repository becomes its default one, unless the one that was meant to be comes along. */
export function adoptFirstBranch(
  sim: Sim,
  repository: Repository,
  updates: readonly RefUpdate[],
): void {
  if ([...repository.refs.keys()].some((ref) => ref.startsWith('refs/heads/'))) return;
  const names = updates
    .filter(({ ref, to }) => to !== null && ref.startsWith('refs/heads/'))
    .map(({ ref }) => ref.slice('refs/heads/'.length));
  const [first] = names;
  if (first === undefined || names.includes(repository.defaultBranch)) return;
  setDefaultBranch(sim, repository, first);
}
