import { type Batch } from '../models/batch.ts';
import type { Branch } from '../models/branch.ts';
import { Project } from '../models/project.ts';
import { Staging } from '../models/staging.ts';
import { planUntested } from '../rules/split.ts';
import type { StagingPlan } from '../rules/staging-plan.ts';
import type { Run } from '../world.ts';
import { Builder, type StagedBatch } from './build.ts';
import { candidatesOf } from './candidate.ts';
import { checkCandidates } from './check-candidates.ts';
import { freeBranches, planStaging, takeSplit, unpushedStagings } from './choose.ts';
import { createRepair, wantedRepairs } from './repair.ts';
import { headsOf } from './heads.ts';
import { setBack } from './set-back.ts';
import { pushStaging } from './push.ts';
import { type KnownRed, recordStaging } from './record.ts';
import { keyOf, readRedSets } from './red-sets.ts';
import { openSite, type Site } from './site.ts';

type ChosenPlan = Exclude<StagingPlan<Batch>, { kind: 'nothing' }>;

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
  const first = await build(run, { site, plan });
  if (first.staged.length === 0) return dropSplit(run, plan);
  const { builder, known } = await avoidRed(run, { site, plan, builder: first });
  if (builder.staged.length === 0) return;
  const bot = await world.identity(site.project.name);
  const heads = await headsOf(site, {
    head: (lane) => builder.head(lane),
    lands: (lane) => builder.head(lane) !== lane.base,
    bot,
    now: run.now,
  });
  const id = await run.transaction((tx) =>
    recordStaging(tx, { site, builder, heads, plan, known, now: run.now }),
  );
  if (id === 'outdated') return (await run.mayGoOn()) ? stageBranch(run, branch) : undefined;
  if (id === null) return;
  world.log.info(
    { staging: id, branch: branch.name, batches: builder.staged.map((one) => one.batch.id) },
    'staging created',
  );
  await pushStaging(run, await world.db.manager.findOneByOrFail(Staging, { id }));
}

/**
 * Stages a half of it at once where CI has shown that the whole is red on these very targets (R20): after `cancel=staging`,
 * say, which gave the halves up.
 */
async function avoidRed(
  run: Run,
  built: { site: Site; plan: ChosenPlan; builder: Builder },
): Promise<{ builder: Builder; known: KnownRed | null }> {
  const { site, plan, builder } = built;
  const memory = await readRedSets(run.world.db.manager, site.branch.id);
  const isRed = (part: readonly StagedBatch[]) => memory.has(keyOf(part, site));
  const { stage, waiting } = planUntested(builder.staged, isRed);
  if (stage.length === 0 || stage.length === builder.staged.length) return { builder, known: null };
  const stagingId = memory.get(keyOf(builder.staged, site));
  if (stagingId === undefined) throw new Error('only a set known to be red is divided');
  run.world.log.info({ staging: stagingId, branch: site.branch.name }, 'known to be red, divided');
  const part = await build(run, { site, plan: { ...plan, batches: batchesOf(stage) } });
  return { builder: part, known: { stagingId, waiting: waiting.map(batchesOf) } };
}

function batchesOf(part: readonly StagedBatch[]): Batch[] {
  return part.map((one) => one.batch);
}

/** Adds batches in order until the staging is full; what cannot be added is set back or left for later. */
async function build(run: Run, { site, plan }: { site: Site; plan: ChosenPlan }): Promise<Builder> {
  const project = await run.world.db.manager.findOneByOrFail(Project, { id: site.project.id });
  const bot = await run.world.identity(project.name);
  const builder = new Builder(site, { bot, now: run.now });
  for (const batch of plan.batches) {
    if (builder.staged.length >= plan.limit || !(await run.mayGoOn())) break;
    const candidates = await candidatesOf(run.world.db.manager, batch);
    const checked = candidates && (await checkCandidates(run, { project, candidates }));
    if (!checked) continue;
    const outcome = await builder.add(batch, checked);
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
