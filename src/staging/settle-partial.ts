import type { EntityManager } from 'typeorm';
import { say } from '../feedback/say.ts';
import { writeAudit } from '../ledger/audit.ts';
import { pullName } from '../ledger/facts.ts';
import { type HeldPull, movedTargets, readPartial, thaw } from '../ledger/partial.ts';
import { addressOf } from '../ledger/pings.ts';
import { refreshBatches } from '../ledger/refresh.ts';
import { landedInPart, undone } from '../messages/repair.ts';
import { Branch } from '../models/branch.ts';
import { PullRequest } from '../models/pull-request.ts';
import { FetchJob } from '../models/queues.ts';
import { Repository } from '../models/repository.ts';
import { type Repair, Staging, StagingPull } from '../models/staging.ts';
import { recordLanding } from './record-landing.ts';

/** Something moved in the family of a landing that stopped half-way. */
interface Settling {
  /** The landing. */
  readonly id: number;
  /** The repair that moved something; null: the landing itself has just stopped. */
  readonly by: Staging | null;
  readonly now: Date;
}

/**
 * Draws the consequences of where everything is now: a batch that is wholly in its targets is merged, once; one that was
 * taken out again is in the queue as before. When none straddles any more the landing is repaired and the project thaws;
 * otherwise the same repair goes on with what is left.
 */
export async function settlePartial(tx: EntityManager, { id, by, now }: Settling): Promise<void> {
  const partial = await tx.findOneOrFail(Staging, {
    where: { id },
    lock: { mode: 'pessimistic_write' },
  });
  const { pulls, places } = await readPartial(tx, id);
  const placed = (place: string) => pulls.filter((one) => places.get(one.batchId) === place);
  await recordLanded(tx, { partial, pulls: placed('landed'), now });
  await releaseUndone(tx, { partial, pulls: placed('outside'), now });
  if (placed('straddling').length > 0) {
    if (by) await tx.update(Staging, id, { repairWanted: by.repair });
    return;
  }
  const how = by?.repair === 'revert' ? 'reverted' : 'finished';
  const ending = by === null ? '' : `; ${how} by staging ${by.id}`;
  const reason = `${partial.reason ?? ''}${ending}`.slice(0, 600);
  await tx.update(Staging, id, { endedAt: now, repairWanted: null, reason });
  if (by) await endFreeze(tx, { partial, reason: `${how} by staging ${by.id}`, now });
}

async function recordLanded(
  tx: EntityManager,
  { partial, pulls, now }: { partial: Staging; pulls: readonly HeldPull[]; now: Date },
): Promise<void> {
  const staged: StagingPull[] = [];
  for (const { landedIn, pullRequestId } of pulls) {
    if (landedIn === null) throw new Error('a batch that landed wholly has landed somewhere');
    staged.push(await tx.findOneByOrFail(StagingPull, { stagingId: landedIn, pullRequestId }));
  }
  const batchIds = [...new Set(pulls.map((one) => one.batchId))];
  await recordLanding(tx, { branchId: partial.branchId, batchIds, pulls: staged, now });
}

/**
 * Batches that were taken out of their targets again are in the queue. Where the commits of a pull request themselves are in
 * the history, git would find nothing new to merge: it needs new commits, and what belongs to it waits for them.
 */
async function releaseUndone(
  tx: EntityManager,
  { partial, pulls, now }: { partial: Staging; pulls: readonly HeldPull[]; now: Date },
): Promise<void> {
  const isUsedUp = async ({ pullRequestId }: HeldPull) => {
    const key = { stagingId: partial.id, pullRequestId };
    const { commitsMap } = await tx.findOneByOrFail(StagingPull, key);
    return Object.entries(commitsMap).some(([own, landed]) => own === landed);
  };
  const undonePulls = pulls.filter((one) => one.undone);
  for (const batchId of new Set(undonePulls.map((one) => one.batchId))) {
    const usedUp: number[] = [];
    for (const one of undonePulls.filter((pull) => pull.batchId === batchId)) {
      if (await isUsedUp(one)) usedUp.push(one.pullRequestId);
    }
    for (const { pullRequestId, undone: wasIn } of pulls.filter((one) => one.batchId === batchId)) {
      const row = await tx.findOneByOrFail(PullRequest, { id: pullRequestId });
      const inHistory = usedUp.includes(pullRequestId);
      await tellUndone(tx, { partial, row, wasIn, inHistory, waits: usedUp.length > 0, now });
    }
    await refreshBatches(tx, [batchId], { now });
  }
}

interface Undone {
  readonly partial: Staging;
  readonly row: PullRequest;
  readonly wasIn: boolean;
  readonly inHistory: boolean;
  /** A pull request of its batch needs new commits. */
  readonly waits: boolean;
  readonly now: Date;
}

async function tellUndone(tx: EntityManager, told: Undone): Promise<void> {
  const { partial, row, wasIn, inHistory, waits, now } = told;
  if (waits && row.error === null) await tx.update(PullRequest, row.id, { error: USED_UP });
  if (!wasIn) return;
  const branch = await tx.findOneByOrFail(Branch, { id: partial.branchId });
  const text = undone({ ...(await addressOf(tx, row)), branch: branch.name, inHistory });
  await say(tx, { at: row, key: await keyOf(tx, 'undone', { partial, row }), text, now });
  await tx.insert(FetchJob, { repositoryId: row.repositoryId, number: row.number, queuedAt: now });
}

const USED_UP = 'what had landed of its batch was undone, and needs new commits to land again';

async function endFreeze(
  tx: EntityManager,
  { partial, reason, now }: { partial: Staging; reason: string; now: Date },
): Promise<void> {
  if (!(await thaw(tx, partial.projectId))) return;
  await writeAudit(tx, {
    at: now,
    actor: 'stagecoach',
    via: 'cron',
    action: 'frozen',
    object: `staging:${partial.id}`,
    before: true,
    after: false,
    reason,
  });
}

/** A repair that cannot go on by itself: from now on a person must say what to do, and people are told that they wait. */
export async function stopRepair(
  tx: EntityManager,
  { id, repair, why, now }: { id: number; repair: Repair; why: string; now: Date },
): Promise<void> {
  const partial = await tx.findOneByOrFail(Staging, { id });
  const reason = `${repair === 'finish' ? 'finishing' : 'reverting'} it failed: ${why}`;
  await tx.update(Staging, id, { repairWanted: null, reason: reason.slice(0, 600) });
  const branch = await tx.findOneByOrFail(Branch, { id: partial.branchId });
  const targets = await movedTargets(tx, id);
  const { pulls, places } = await readPartial(tx, id);
  for (const { pullRequestId, batchId } of pulls) {
    if (places.get(batchId) !== 'straddling') continue;
    const row = await tx.findOneByOrFail(PullRequest, { id: pullRequestId });
    const text = landedInPart({ branch: branch.name, ...targets });
    await say(tx, { at: row, key: await keyOf(tx, 'partial', { partial, row }), text, now });
  }
}

async function keyOf(
  tx: EntityManager,
  what: string,
  { partial, row }: { partial: Staging; row: PullRequest },
): Promise<string> {
  const repository = await tx.findOneByOrFail(Repository, { id: row.repositoryId });
  return `${what}/${partial.id}/${pullName(repository, row)}`;
}
