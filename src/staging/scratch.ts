import { Branch } from '../models/branch.ts';
import { Project } from '../models/project.ts';
import { Repository } from '../models/repository.ts';
import { Staging } from '../models/staging.ts';
import { rehearsalBranch, stagingBranch } from '../rules/names.ts';
import type { Run } from '../world.ts';

/**
 * Deletes the scratch branches of disabled branches, once nothing runs there any more (spec 8.5). They come back with the
 * first staging after the branch is enabled.
 */
export async function removeScratch(run: Run): Promise<void> {
  const { db } = run.world;
  for (const branch of await db.manager.findBy(Branch, { active: false, scratch: true })) {
    if (await db.manager.existsBy(Staging, { branchId: branch.id, active: true })) continue;
    const project = await db.manager.findOneByOrFail(Project, { id: branch.projectId });
    const names = [stagingBranch(branch.name), rehearsalBranch(branch.name)];
    let gone = true;
    for (const repository of await db.manager.findBy(Repository, { projectId: project.id })) {
      if (!(await run.mayGoOn())) return;
      const clone = await run.world.clone(project.name, repository);
      const there = await clone.remoteHeads(names);
      const updates = [...there.keys()].map((name) => ({ branch: name, sha: null }));
      const outcome = await clone.push(updates);
      if (outcome.kind === 'pushed') continue;
      gone = false; // the next look tries again
      const facts = { repository: repository.name, branch: branch.name, detail: outcome.detail };
      run.world.log.warn(facts, 'scratch branches could not be deleted');
    }
    if (gone) await forget(run, branch);
  }
}

function forget(run: Run, { id, name }: Branch): Promise<void> {
  return run.transaction(async (tx) => {
    await tx.update(Branch, { id, active: false }, { scratch: false });
    run.world.log.info({ branch: name }, 'scratch branches deleted');
  });
}
