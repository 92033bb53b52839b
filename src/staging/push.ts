import type { Clone } from '../git/index.ts';
import { recordStatuses } from '../ledger/record-statuses.ts';
import { cancelStaging } from '../ledger/stagings.ts';
import { type Sha, sha } from '../lib/ids.ts';
import { Branch } from '../models/branch.ts';
import { CommitStatus } from '../models/commit-status.ts';
import { Project } from '../models/project.ts';
import { Repository } from '../models/repository.ts';
import { Staging, StagingHead } from '../models/staging.ts';
import { stagingBranch } from '../rules/names.ts';
import type { Run } from '../world.ts';
import { stopRepair } from './settle-partial.ts';
import { switchOff } from './switch-off.ts';

/**
 * Puts what is to be tested on `staging.<branch>` of every repository. Repeating it is harmless: the rows say what has to
 * be there. A remote that refuses ends the staging and switches staging off on the branch (spec 5.8): the next one would
 * be refused too.
 */
export async function pushStaging(run: Run, staging: Staging): Promise<void> {
  const { db } = run.world;
  const project = await db.manager.findOneByOrFail(Project, { id: staging.projectId });
  const branch = await db.manager.findOneByOrFail(Branch, { id: staging.branchId });
  const heads = await db.manager.findBy(StagingHead, { stagingId: staging.id });
  const name = stagingBranch(branch.name);
  for (const { repositoryId, base, head } of heads) {
    if (!(await run.mayGoOn())) return;
    const repository = await db.manager.findOneByOrFail(Repository, { id: repositoryId });
    const clone = await run.world.clone(project.name, repository);
    if (!(await isHere(clone, sha(head)))) return forget(run, staging, repository.name);
    const outcome = await clone.push([{ branch: name, sha: sha(head), force: true }]);
    if (outcome.kind === 'pushed') {
      if (head === base) await learnStatuses(run, { project, repository, head });
      continue;
    }
    if (outcome.kind === 'unknown')
      throw new Error(`${repository.name}: push of ${name}: ${outcome.detail}`);
    return refuse(run, {
      staging,
      branch,
      detail: `${repository.name} refused ${name}: ${outcome.detail}`,
    });
  }
  await run.transaction(async (tx) => {
    await tx.update(Staging, { id: staging.id, active: true }, { pushedAt: run.now });
  });
  run.world.log.info(
    { staging: staging.id, branch: branch.name, project: project.name },
    'staging pushed',
  );
}

/**
 * Whether there is something to push. What was built is in the clone it was built in and nowhere else until it is pushed: a
 * process that takes over on another machine, or finds its clone deleted, does not have it.
 */
async function isHere(clone: Clone, head: Sha): Promise<boolean> {
  if (await clone.has(head)) return true;
  return (await clone.fetch({ shas: [head] })).kind === 'fetched';
}

/** Nobody has seen it yet: it is built again, on what is there now. */
async function forget(run: Run, staging: Staging, repository: string): Promise<void> {
  const { id, repairsId, repair } = staging;
  const reason = `${repository}: what was built was lost before it was pushed`;
  await run.transaction(async (tx) => {
    await cancelStaging(tx, id, { reason, now: run.now });
    if (repairsId !== null) await tx.update(Staging, repairsId, { repairWanted: repair });
  });
  run.world.log.info({ staging: id, repository }, 'staging lost with its clone, building it again');
}

/**
 * Reads what CI said of a branch head before the bot ever looked at it: where a staging changes nothing, nobody pushes
 * anything that CI would speak about again.
 */
async function learnStatuses(
  run: Run,
  { project, repository, head }: { project: Project; repository: Repository; head: string },
): Promise<void> {
  const commit = { repositoryId: repository.id, sha: head };
  if (await run.world.db.manager.existsBy(CommitStatus, commit)) return;
  const reports = await run.world.github(project.name).statuses(repository.name, head);
  await run.transaction((tx) => recordStatuses(tx, { commit, reports }, run.now));
}

async function refuse(
  run: Run,
  { staging, branch, detail }: { staging: Staging; branch: Branch; detail: string },
): Promise<void> {
  const reason = detail.slice(0, 500);
  const { repairsId, repair } = staging;
  await run.transaction(async (tx) => {
    const failed = { state: 'failure', active: false, reason, endedAt: run.now } as const;
    await tx.update(Staging, { id: staging.id, active: true }, failed);
    await switchOff(tx, { branchId: branch.id, reason, now: run.now });
    if (repairsId !== null && repair !== null)
      await stopRepair(tx, { id: repairsId, repair, why: reason, now: run.now });
  });
  run.world.log.error(
    { staging: staging.id, branch: branch.name, detail },
    'staging branch refused, staging switched off',
  );
}
