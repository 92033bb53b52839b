import type { EntityManager } from 'typeorm';
import { Batch } from '../models/batch.ts';
import { Branch } from '../models/branch.ts';
import { PullRequest } from '../models/pull-request.ts';
import { ValidateJob } from '../models/queues.ts';
import { Staging } from '../models/staging.ts';
import { batchBlocked, pullRequestBlocked } from '../rules/batch.ts';
import { tellFailures } from './failures.ts';
import { type JudgedPull, judgeBatch } from './facts.ts';
import { queueFollowup } from './followup.ts';
import { activeStagingOf, cancelStaging, deleteSplits, leaveSplit } from './stagings.ts';

/** When, and on whose account: the words of a cancelled staging. */
export interface Occasion {
  readonly now: Date;
  /** E.g. `acme/app#3 updated by alice`. */
  readonly because?: string;
}

/**
 * Applies the law to batches: status, state and blocking of their pull requests and of themselves. Whoever changes a fact
 * these depend on calls this in the same transaction. A batch that may no longer be staged leaves its staging and its
 * split at once (R9); one that became stageable gets its place in the queue.
 */
export async function refreshBatches(
  tx: EntityManager,
  batchIds: Iterable<number>,
  occasion: Occasion,
): Promise<void> {
  const ids = [...new Set(batchIds)].sort((one, other) => one - other); // one lock order for all
  for (const id of ids) await refreshBatch(tx, id, occasion);
}

async function refreshBatch(tx: EntityManager, id: number, occasion: Occasion): Promise<void> {
  const batch = await tx.findOne(Batch, { where: { id }, lock: { mode: 'pessimistic_write' } });
  if (!batch) return;
  const pulls = await judgeBatch(tx, batch);
  const facts = {
    merged: batch.mergedAt !== null,
    skipchecks: batch.skipchecks,
    pulls: pulls.map((pull) => pull.facts),
  };
  for (const pull of pulls) {
    await recordPull(tx, pull, {
      blocked: pullRequestBlocked(pull.facts, facts),
      now: occasion.now,
    });
  }
  if (pulls.some(({ row, facts: { state } }) => state === 'error' && row.state !== 'error'))
    await tx.update(PullRequest, { batchId: id }, { linkWarned: false }); // the linked ones are told of it (11.2 row 28)
  await recordBatch(tx, { batch, pulls, blocked: batchBlocked(facts) }, occasion);
  await tellFailures(tx, pulls, occasion.now);
  await queueFollowup(tx, { batch, pulls, now: occasion.now });
}

async function recordPull(
  tx: EntityManager,
  { row, facts }: JudgedPull,
  { blocked, now }: { blocked: string | null; now: Date },
): Promise<void> {
  const moved = row.state !== facts.state;
  if (!moved && row.status === facts.status && row.blocked === blocked) return;
  await tx.update(PullRequest, row.id, {
    state: facts.state,
    status: facts.status,
    blocked,
    ...(moved ? { stateSince: now } : {}),
  });
}

interface Outcome {
  readonly batch: Batch;
  readonly pulls: readonly JudgedPull[];
  readonly blocked: string | null;
}

async function recordBatch(tx: EntityManager, outcome: Outcome, occasion: Occasion): Promise<void> {
  const { batch, pulls, blocked } = outcome;
  const open = pulls.filter((pull) => !pull.row.closed);
  const targets = new Set((open.length ? open : pulls).map((pull) => pull.row.targetId));
  const targetId = targets.size === 1 ? ([...targets][0] ?? null) : null;
  const stageable = targetId === null && blocked === null ? 'No managed target branch.' : blocked;
  const freed = batch.blocked !== null && stageable === null;
  await tx.update(Batch, batch.id, {
    targetId,
    active: open.length > 0,
    blocked: stageable,
    ...(freed ? { unblockedAt: occasion.now } : stageable === null ? {} : { unblockedAt: null }),
  });
  if (stageable !== null) await leaveStaging(tx, { ...outcome, blocked: stageable }, occasion);
  else if (freed) await welcome(tx, { batch, pulls, targetId, now: occasion.now });
}

/** A batch became stageable: with `cancel=staging` it makes room for itself, otherwise it is tried early. */
async function welcome(
  tx: EntityManager,
  freed: { batch: Batch; pulls: readonly JudgedPull[]; targetId: number | null; now: Date },
): Promise<void> {
  const { batch, pulls, targetId, now } = freed;
  if (targetId === null) return;
  if (batch.cancelStaging) return makeRoom(tx, { targetId, pulls, now });
  const retryAt = new Date(now.getTime() + EARLY_VALIDATION_AFTER_MS);
  await tx.insert(ValidateJob, { batchId: batch.id, queuedAt: now, retryAt });
}

/** Long enough for the staging cron to take a batch whose turn it is: then there is nothing to try early. */
const EARLY_VALIDATION_AFTER_MS = 10_000;

async function leaveStaging(
  tx: EntityManager,
  outcome: Outcome,
  occasion: Occasion,
): Promise<void> {
  const { batch, blocked } = outcome;
  if (batch.mergedAt !== null) return; // landed: the staging ends by itself
  await tx.delete(ValidateJob, { batchId: batch.id });
  await leaveSplit(tx, batch);
  const staging = await activeStagingOf(tx, batch.id);
  if (!staging) return;
  await cancelStaging(tx, staging.id, {
    reason: occasion.because ?? blocked ?? 'no longer stageable',
    now: occasion.now,
  });
}

/** `cancel=staging`: what runs and what waits in splits makes room for the batch that became ready (spec 4.3). */
async function makeRoom(
  tx: EntityManager,
  { targetId, pulls, now }: { targetId: number; pulls: readonly JudgedPull[]; now: Date },
): Promise<void> {
  const branch = await tx.findOneByOrFail(Branch, { id: targetId });
  await deleteSplits(tx, branch.id);
  const names = pulls.map((pull) => pull.facts.name).join(', ');
  for (const staging of await tx.findBy(Staging, { branchId: branch.id, active: true })) {
    await cancelStaging(tx, staging.id, { reason: `unstaged by ${names} becoming ready`, now });
  }
}
