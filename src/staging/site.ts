import type { EntityManager } from 'typeorm';
import type { Clone } from '../git/index.ts';
import { repositoriesOf } from '../ledger/facts.ts';
import { type Sha, sha } from '../lib/ids.ts';
import type { Branch } from '../models/branch.ts';
import { Project } from '../models/project.ts';
import type { Repository } from '../models/repository.ts';
import type { World } from '../world.ts';

/** One repository of a staging: its clone, and where the target stands. */
export interface Lane {
  readonly repository: Repository;
  readonly clone: Clone;
  readonly base: Sha;
}

/** Where a staging is built: the branch in every repository that has it. */
export interface Site {
  readonly project: Project;
  readonly branch: Branch;
  readonly lanes: readonly Lane[];
}

/** Opens the clones of a branch and fetches where it stands. A repository that lacks the branch at GitHub is left out. */
export async function openSite(world: World, tx: EntityManager, branch: Branch): Promise<Site> {
  const project = await tx.findOneByOrFail(Project, { id: branch.projectId });
  const lanes: Lane[] = [];
  for (const repository of await repositoriesOf(tx, branch)) {
    const clone = await world.clone(project.name, repository);
    const fetched = await clone.fetch({ branches: [branch.name] });
    const head = fetched.kind === 'fetched' ? fetched.heads.get(branch.name) : undefined;
    if (head) lanes.push({ repository, clone, base: sha(head) });
    else
      world.log.warn(
        { repository: repository.name, branch: branch.name },
        'branch not found at GitHub',
      );
  }
  return { project, branch, lanes };
}
