import type { Sim } from '../sim.ts';
import { branchHead, fullName, userByLogin, userOf } from '../state/state.ts';
import type { Repository, User } from '../state/types.ts';

/** The branch a pull request comes from. */
export interface HeadBranch {
  readonly repository: Repository;
  readonly ref: string;
  readonly sha: string;
  readonly owner: User;
}

/** Finds the branch behind `owner:branch` in the fork network; null when there is none. */
export function findHead(
  sim: Sim,
  base: Repository,
  wanted: { head: string; headRepository?: string | undefined },
): HeadBranch | null {
  const colon = wanted.head.indexOf(':');
  const login = colon < 0 ? null : wanted.head.slice(0, colon);
  const ref = (colon < 0 ? wanted.head : wanted.head.slice(colon + 1)).replace(
    /^refs\/heads\//,
    '',
  );
  const owner = login === null ? userOf(sim.state, base.ownerId) : userByLogin(sim.state, login);
  if (!owner) return null;
  for (const repository of sim.state.repositories.values()) {
    if (repository.networkId !== base.networkId || repository.ownerId !== owner.id) continue;
    const named = wanted.headRepository;
    if (
      named !== undefined &&
      named !== fullName(sim.state, repository) &&
      named !== repository.name
    )
      continue;
    const sha = branchHead(repository, ref);
    if (sha !== undefined) return { repository, ref, sha, owner };
  }
  return null;
}
