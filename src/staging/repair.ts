import type { EntityManager } from 'typeorm';
import { IsNull, Not } from 'typeorm';
import { type PartialLanding, readPartial } from '../ledger/partial.ts';
import { refreshStaging } from '../ledger/staging-state.ts';
import { Branch } from '../models/branch.ts';
import { type Repair, Staging } from '../models/staging.ts';
import type { Sha } from '../lib/ids.ts';
import type { BotIdentity, Run } from '../world.ts';
import { headsOf } from './heads.ts';
import { pushStaging } from './push.ts';
import { claimBranch, recordContent, startLimit, type StagingContent } from './record.ts';
import { buildRest } from './rest.ts';
import { stopRepair } from './settle-partial.ts';
import { type Lane, openSite, type Site } from './site.ts';
import { heldIn, undoIn } from './undo.ts';

/** Landings that stopped half-way and whose repair is to be staged. */
export function wantedRepairs(tx: EntityManager): Promise<Staging[]> {
  return tx.find(Staging, {
    where: { repairWanted: Not(IsNull()), endedAt: IsNull() },
    order: { id: 'asc' },
  });
}

/**
 * Stages the repair of a landing that stopped half-way (R17, P1.4): the missing parts on the targets as they are now, or
 * new commits that undo what landed. CI tests it like any staging, and it lands by a journal of its own.
 */
export async function createRepair(run: Run, partial: Staging): Promise<void> {
  const { db } = run.world;
  const repair = partial.repairWanted;
  if (repair === null) return;
  const branch = await db.manager.findOneByOrFail(Branch, { id: partial.branchId });
  const site = await openSite(run.world, db.manager, branch);
  const content = await build(run, { site, partial, repair });
  if (typeof content === 'string') {
    await run.transaction((tx) =>
      stopRepair(tx, { id: partial.id, repair, why: content, now: run.now }),
    );
    const facts = { staging: partial.id, repair, why: content };
    run.world.log.error(facts, 'a landing that stopped half-way waits for a person');
    return;
  }
  const id = await run.transaction((tx) => record(tx, { partial, site, repair, content }, run.now));
  if (id === null) return;
  run.world.log.info({ staging: id, repairs: partial.id, repair }, 'repair created');
  await pushStaging(run, await db.manager.findOneByOrFail(Staging, { id }));
}

interface RepairPlan {
  readonly site: Site;
  readonly partial: Staging;
  readonly repair: Repair;
}

/** What to stage, or why it cannot be. */
async function build(
  run: Run,
  { site, partial, repair }: RepairPlan,
): Promise<StagingContent | string> {
  const landing = await readPartial(run.world.db.manager, partial.id);
  const signed = { bot: await run.world.identity(site.project.name), now: run.now };
  if (repair === 'revert') return buildUndoing(run, { site, landing, signed });
  const rest = await buildRest(run, { site, partial: landing });
  if (rest.kind === 'obstacle') return rest.why;
  const pulls = rest.batches.flatMap((one) => one.pulls);
  const heads = await headsOf(site, {
    head: (lane) => rest.builder.head(lane),
    lands: ({ repository }) =>
      pulls.some(({ candidate }) => candidate.repository.id === repository.id),
    ...signed,
  });
  return { batches: rest.batches, heads };
}

async function buildUndoing(
  run: Run,
  undoing: { site: Site; landing: PartialLanding; signed: { bot: BotIdentity; now: Date } },
): Promise<StagingContent | string> {
  const { site, landing, signed } = undoing;
  const undone = new Map<Lane, Sha>();
  for (const lane of site.lanes) {
    const outcome = await undoIn(run.world.db.manager, lane, { partial: landing, ...signed });
    if (outcome.kind === 'obstacle') return outcome.why;
    undone.set(lane, outcome.head);
  }
  const heads = await headsOf(site, {
    head: (lane) => undone.get(lane) ?? lane.base,
    lands: (lane) => heldIn(landing, lane.repository.id).length > 0,
    ...signed,
  });
  return { batches: [], heads };
}

/** Null when the repair is no longer wanted, or something else runs on the branch: whoever changed that has rung. */
async function record(
  tx: EntityManager,
  { partial, site, repair, content }: RepairPlan & { content: StagingContent },
  now: Date,
): Promise<number | null> {
  const projectId = site.project.id;
  const branchId = site.branch.id;
  const latest = await tx.findOneOrFail(Staging, {
    where: { id: partial.id },
    lock: { mode: 'pessimistic_write' },
  });
  if (latest.repairWanted !== repair || !(await claimBranch(tx, branchId))) return null;
  const timeoutAt = startLimit(site.project, now);
  const row = { projectId, branchId, stagedAt: now, timeoutAt, repairsId: partial.id, repair };
  const { identifiers } = await tx.insert(Staging, row);
  const id = (identifiers[0] as { id: number }).id;
  await tx.update(Staging, partial.id, { repairWanted: null });
  await recordContent(tx, id, content);
  await refreshStaging(tx, id, now);
  return id;
}
