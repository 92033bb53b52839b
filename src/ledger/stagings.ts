import { type EntityManager, In } from 'typeorm';
import { Batch } from '../models/batch.ts';
import { LandingStep } from '../models/landing-step.ts';
import { Split } from '../models/split.ts';
import { Staging, StagingBatch } from '../models/staging.ts';
import { clearsFalsePositive, type FalsePositiveEvent } from '../rules/split.ts';

/** The staging a batch is in now, locked; null when it is in none. */
export async function activeStagingOf(tx: EntityManager, batchId: number): Promise<Staging | null> {
  const rows = await tx.query<{ id: number }[]>(
    `select s.id from staging s join staging_batch b on b.staging_id = s.id
      where b.batch_id = $1 and s.active for update of s`,
    [batchId],
  );
  return rows[0] ? tx.findOneByOrFail(Staging, { id: rows[0].id }) : null;
}

/**
 * Cancels a staging: its batches go back to the pool, the branch becomes free. Once the landing has begun nothing can be
 * cancelled any more: its targets are moving (R17).
 *
 * @returns whether it was cancelled.
 */
export async function cancelStaging(
  tx: EntityManager,
  stagingId: number,
  { reason, now }: { readonly reason: string; readonly now: Date },
): Promise<boolean> {
  const staging = await tx.findOne(Staging, {
    where: { id: stagingId },
    lock: { mode: 'pessimistic_write' },
  });
  if (!staging?.active) return false;
  if (await tx.existsBy(LandingStep, { stagingId })) return false;
  await tx.update(Staging, stagingId, { state: 'cancelled', active: false, reason, endedAt: now });
  await noteInFamily(tx, staging, { kind: 'staging-cancelled' });
  return true;
}

/**
 * Notes what happened in the family of a split staging: it may mean that the first failure proves nothing about CI any
 * more (spec 6.6).
 */
export async function noteInFamily(
  tx: EntityManager,
  staging: Staging,
  event: FalsePositiveEvent,
): Promise<void> {
  if (!clearsFalsePositive(event)) return;
  for (let at: Staging | null = staging; at;) {
    if (at.likelyFalsePositive) await tx.update(Staging, at.id, { likelyFalsePositive: false });
    at = at.parentId === null ? null : await tx.findOneBy(Staging, { id: at.parentId });
  }
}

/** Deletes the splits of a branch: their batches return to the pool. */
export async function deleteSplits(tx: EntityManager, branchId: number): Promise<void> {
  const splits = await tx.findBy(Split, { branchId });
  if (splits.length === 0) return;
  const ids = splits.map((split) => split.id);
  await tx.update(Batch, { splitId: In(ids) }, { splitId: null });
  await tx.delete(Split, ids);
  for (const split of splits) {
    const staging = await tx.findOneBy(Staging, { id: split.stagingId });
    if (staging) await noteInFamily(tx, staging, { kind: 'split-deleted' });
  }
}

/** Takes a batch out of the split it waits in; a split left empty is dropped. */
export async function leaveSplit(tx: EntityManager, batch: Batch): Promise<void> {
  if (batch.splitId === null) return;
  await tx.update(Batch, batch.id, { splitId: null });
  const { stagingId } = await tx.findOneByOrFail(Split, { id: batch.splitId });
  const staging = await tx.findOneByOrFail(Staging, { id: stagingId });
  await noteInFamily(tx, staging, { kind: 'pulled-out' });
  const others = await tx.countBy(Batch, { splitId: batch.splitId });
  if (others === 0) await tx.delete(Split, batch.splitId);
}

/** Ids of the batches of a staging, in staging order. */
export async function stagedBatchIds(tx: EntityManager, stagingId: number): Promise<number[]> {
  const rows = await tx.find(StagingBatch, { where: { stagingId }, order: { position: 'asc' } });
  return rows.map((row) => row.batchId);
}

/** How many splits of the family of a staging still wait. */
export async function splitsLeft(tx: EntityManager, stagingId: number): Promise<number> {
  const rows = await tx.query<[{ count: number }]>(
    `with recursive up as (
       select id, parent_id from staging where id = $1
       union select s.id, s.parent_id from staging s join up on s.id = up.parent_id),
     family as (
       select id from up where parent_id is null
       union select s.id from staging s join family on s.parent_id = family.id)
     select count(*)::int as count from split where staging_id in (select id from family)`,
    [stagingId],
  );
  return rows[0].count;
}
