import { type EntityManager, In } from 'typeorm';
import { writeAudit } from '../ledger/audit.ts';
import { readPartial } from '../ledger/partial.ts';
import { stagedBatchIds } from '../ledger/stagings.ts';
import { LandingStep } from '../models/landing-step.ts';
import { Project } from '../models/project.ts';
import { Staging, StagingPull } from '../models/staging.ts';
import { recordLanding } from './record-landing.ts';
import { settlePartial, stopRepair } from './settle-partial.ts';
import { switchOff } from './switch-off.ts';

/**
 * Records that all targets moved: batches merged, and everything that follows queued, in one commit (P1.5, R22).
 *
 * @returns false when that was recorded before.
 */
export async function finishLanding(
  tx: EntityManager,
  { stagingId, now }: { stagingId: number; now: Date },
): Promise<boolean> {
  const staging = await tx.findOneOrFail(Staging, {
    where: { id: stagingId },
    lock: { mode: 'pessimistic_write' },
  });
  if (!staging.active) return false;
  await tx.update(Staging, stagingId, { state: 'success', active: false, endedAt: now });
  if (staging.repairsId !== null) {
    await settlePartial(tx, { id: staging.repairsId, by: staging, now });
    return true;
  }
  const pulls = await tx.findBy(StagingPull, { stagingId });
  const batchIds = await stagedBatchIds(tx, stagingId);
  await recordLanding(tx, { branchId: staging.branchId, batchIds, pulls, now });
  return true;
}

/** Why a landing ended before anything moved. */
export interface Abandoned {
  readonly staging: Staging;
  /** `raced`: the target went on, the same may be tried on what is there now. `refused`: the next would be refused too. */
  readonly kind: 'raced' | 'refused';
  readonly reason: string;
  readonly now: Date;
}

/**
 * No target moved and none will: the batches go back to the queue. After a race they are staged on what is there now;
 * after a refusal a person has to look first, so staging is switched off on the branch.
 */
export async function giveUpLanding(tx: EntityManager, abandoned: Abandoned): Promise<void> {
  const { staging, kind, now } = abandoned;
  const reason = abandoned.reason.slice(0, 500);
  await tx.update(
    LandingStep,
    { stagingId: staging.id },
    { state: 'diverged', retryAt: null, detail: reason },
  );
  await tx.update(
    Staging,
    { id: staging.id, active: true },
    { state: 'ff_failed', active: false, reason, endedAt: now },
  );
  const { repairsId, repair } = staging;
  if (repairsId === null || repair === null) {
    if (kind === 'refused') await switchOff(tx, { branchId: staging.branchId, reason, now });
  } else if (kind === 'raced') await tx.update(Staging, repairsId, { repairWanted: repair });
  else await stopRepair(tx, { id: repairsId, repair, why: reason, now });
}

/** A target that cannot follow the others. */
export interface Stuck {
  readonly staging: Staging;
  readonly step: LandingStep;
  readonly reason: string;
  readonly now: Date;
}

/**
 * Some targets moved, one cannot (R17). Batches that are wholly in their targets are merged, those outside are in the queue
 * as before. If a batch straddles, the project is frozen until the landing is finished or reverted; finishing is tried at
 * once.
 */
export async function stopHalfway(tx: EntityManager, stuck: Stuck): Promise<void> {
  const { staging, step, now } = stuck;
  const reason = stuck.reason.slice(0, 500);
  const key = { stagingId: step.stagingId, repositoryId: step.repositoryId };
  await tx.update(LandingStep, key, { state: 'diverged', retryAt: null, detail: reason });
  await tx.update(
    LandingStep,
    { stagingId: staging.id, state: In(['planned', 'attempted']) },
    { retryAt: null },
  );
  const ended = { state: 'partial', active: false, reason } as const;
  if (staging.repairsId !== null) {
    await tx.update(Staging, staging.id, { ...ended, endedAt: now });
    return settlePartial(tx, { id: staging.repairsId, by: staging, now });
  }
  await tx.update(Staging, staging.id, ended);
  await settlePartial(tx, { id: staging.id, by: null, now });
  const { places } = await readPartial(tx, staging.id);
  if ([...places.values()].includes('straddling')) await freeze(tx, { staging, reason, now });
}

async function freeze(
  tx: EntityManager,
  { staging, reason, now }: { staging: Staging; reason: string; now: Date },
): Promise<void> {
  await tx.update(Staging, staging.id, { repairWanted: 'finish' });
  await tx.update(Project, staging.projectId, { frozen: true });
  await writeAudit(tx, {
    at: now,
    actor: 'stagecoach',
    via: 'cron',
    action: 'frozen',
    object: `staging:${staging.id}`,
    before: false,
    after: true,
    reason,
  });
}
