import { type Batch } from '../models/batch.ts';
import type { Branch } from '../models/branch.ts';
import { Project } from '../models/project.ts';
import { Staging } from '../models/staging.ts';
import type { StagingPlan } from '../rules/staging-plan.ts';
import type { Run } from '../world.ts';
import { Builder } from './build.ts';
import { candidatesOf } from './candidate.ts';
import { checkCandidates } from './check-candidates.ts';
import { freeBranches, planStaging, takeSplit, unpushedStagings } from './choose.ts';
import { createRepair, wantedRepairs } from './repair.ts';
import { setBack } from './set-back.ts';
import { pushStaging } from './push.ts';
import { recordStaging } from './record.ts';
import { openSite, type Site } from './site.ts';

/** Finishes interrupted pushes, then stages what can be staged, branch by branch. A failing branch stops no other. */
export async function createStagings(run: Run): Promise<void> {
  const failures: unknown[] = [];
  const attempt = async (work: () => Promise<void>) => {
    if (!(await run.mayGoOn())) return;
    await work().catch((error: unknown) => {
      failures.push(error);
      run.world.log.warn({ err: error }, 'a branch could not be staged');
    });
  };
  for (const staging of await unpushedStagings(run.world.db.manager)) {
    await attempt(() => pushStaging(run, staging));
  }
  for (const partial of await wantedRepairs(run.world.db.manager)) {
    await attempt(() => createRepair(run, partial));
  }
  for (const branch of await freeBranches(run.world.db.manager)) {
    await attempt(() => stageBranch(run, branch));
  }
  if (failures.length > 0) throw failures[0];
}

async function stageBranch(run: Run, branch: Branch): Promise<void> {
  const { world } = run;
  const plan = await planStaging(world.db.manager, branch);
  if (plan.kind === 'nothing') return;
  const site = await openSite(world, world.db.manager, branch);
  const builder = await build(run, { site, plan });
  if (builder.staged.length === 0) return dropSplit(run, plan);
  const id = await run.transaction((tx) =>
    recordStaging(tx, { site, builder, plan, now: run.now }),
  );
  if (id === null) return;
  world.log.info(
    { staging: id, branch: branch.name, batches: builder.staged.map((one) => one.batch.id) },
    'staging created',
  );
  await pushStaging(run, await world.db.manager.findOneByOrFail(Staging, { id }));
}

/** Adds batches in order until the staging is full; what cannot be added is set back or left for later. */
async function build(
  run: Run,
  { site, plan }: { site: Site; plan: Exclude<StagingPlan<Batch>, { kind: 'nothing' }> },
): Promise<Builder> {
  const project = await run.world.db.manager.findOneByOrFail(Project, { id: site.project.id });
  const bot = await run.world.identity(project.name);
  const builder = new Builder(site, { bot, now: run.now });
  for (const batch of plan.batches) {
    if (builder.staged.length >= plan.limit || !(await run.mayGoOn())) break;
    const candidates = await candidatesOf(run.world.db.manager, batch);
    if (!candidates || !(await checkCandidates(run, { project, candidates }))) continue;
    const outcome = await builder.add(batch, candidates);
    if (outcome.kind === 'stopped') {
      const first = builder.staged.length === 0;
      await run.transaction((tx) => setBack(tx, { ...outcome, first, now: run.now }));
    }
  }
  return builder;
}

/** Nothing of a split could be staged: its batches return to the pool. */
async function dropSplit(run: Run, plan: StagingPlan<Batch>): Promise<void> {
  if (plan.kind === 'split')
    await run.transaction((tx) => takeSplit(tx, plan).then(() => undefined));
}
