import type { EntityManager } from 'typeorm';
import { RedSet } from '../models/red-set.ts';
import { Split } from '../models/split.ts';
import { Staging } from '../models/staging.ts';
import { cancelStaging, deleteSplits, stagedBatchIds } from './stagings.ts';

/**
 * Stages the batches of an ended staging again (spec 5.13): what runs on the branch is cancelled, its splits are
 * deleted, and the batches become a split of their own, which is staged first.
 *
 * @returns why not, or null when it was done. Nothing is written when it is refused.
 */
export async function retryStaging(
  tx: EntityManager,
  stagingId: number,
  { now }: { readonly now: Date },
): Promise<string | null> {
  const staging = await tx.findOneBy(Staging, { id: stagingId });
  if (!staging) return 'there is no such staging';
  if (staging.active || staging.state === 'pending') return 'it is still running';
  if (staging.state === 'success') return 'it has succeeded';
  if (staging.state === 'partial') return 'its landing stopped half-way: finish or revert it';
  if (staging.repairsId !== null)
    return `it was to repair staging ${staging.repairsId}: finish or revert that one`;
  const obstacle = await findObstacle(tx, stagingId);
  if (obstacle !== null) return obstacle;
  const running = await tx.findBy(Staging, { branchId: staging.branchId, active: true });
  for (const { id } of running) {
    const reason = `Retrying staging ${stagingId}.`;
    if (!(await cancelStaging(tx, id, { reason, now }))) return `staging ${id} is landing`;
  }
  await deleteSplits(tx, staging.branchId);
  await makeSplit(tx, staging);
  await tx.delete(RedSet, { stagingId }); // whoever asks for it doubts what CI said
  return null;
}

/** What changed since: then the same batches would not be the same staging. */
async function findObstacle(tx: EntityManager, stagingId: number): Promise<string | null> {
  const blocked = await tx.query<{ id: number; blocked: string }[]>(
    `select b.id, b.blocked from batch b join staging_batch s on s.batch_id = b.id
      where s.staging_id = $1 and b.blocked is not null order by s.position limit 1 for update of b`,
    [stagingId],
  );
  if (blocked[0]) return `batch ${blocked[0].id} is blocked: ${blocked[0].blocked}`;
  const changed = await tx.query<{ batch: number }[]>(
    `select coalesce(p.batch_id, s.batch_id) as batch
       from (select id, batch_id from pull_request where not closed and batch_id in
               (select batch_id from staging_batch where staging_id = $1)) p
       full join (select pull_request_id, batch_id from staging_pull where staging_id = $1) s
         on s.pull_request_id = p.id and s.batch_id = p.batch_id
      where p.id is null or s.pull_request_id is null limit 1`,
    [stagingId],
  );
  return changed[0] ? `the pull requests of batch ${changed[0].batch} have changed` : null;
}

async function makeSplit(tx: EntityManager, staging: Staging): Promise<void> {
  const made = await tx.insert(Split, { branchId: staging.branchId, stagingId: staging.id });
  const splitId: unknown = made.identifiers[0]?.['id'];
  await tx.query('update batch set split_id = $2 where id = any($1)', [
    await stagedBatchIds(tx, staging.id),
    splitId,
  ]);
}
