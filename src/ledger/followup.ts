import type { EntityManager } from 'typeorm';
import type { Batch } from '../models/batch.ts';
import { ForwardportJob } from '../models/queues.ts';
import type { JudgedPull } from './facts.ts';

/**
 * Queues the look at the next branch for a batch of ports whose CI is green (forwardport spec 11). Only whether there can
 * be work is decided here; the cron checks every condition again.
 */
export async function queueFollowup(
  tx: EntityManager,
  { batch, pulls, now }: { batch: Batch; pulls: readonly JudgedPull[]; now: Date },
): Promise<void> {
  if (batch.parentId === null || batch.forwardportPolicy === 'no') return;
  const open = pulls.filter((pull) => !pull.row.closed);
  const attached = open.every((pull) => pull.row.parentId !== null);
  const waitsForCi = batch.forwardportPolicy === 'default';
  const green = open.every((pull) => pull.verdict.state === 'success');
  if (open.length === 0 || !attached || (waitsForCi && !green)) return;
  const rows = await tx.query<{ known: boolean }[]>(
    `select exists (select from batch where parent_id = $1)
         or exists (select from forwardport_job where batch_id = $1) as known`,
    [batch.id],
  );
  if (rows[0]?.known) return;
  const last = await hasNoLaterTarget(tx, open[0]?.row.id ?? 0);
  if (!last)
    await tx.insert(ForwardportJob, { batchId: batch.id, kind: 'followup', queuedAt: now });
}

/** Whether the chain has already been carried, or refused, everywhere after this pull request: then nothing is to be asked. */
async function hasNoLaterTarget(tx: EntityManager, pullId: number): Promise<boolean> {
  const rows = await tx.query<{ later: boolean }[]>(
    `select exists (
       select from pull_request p join branch own on own.id = p.target_id
         join branch b on b.project_id = own.project_id and b.sequence > own.sequence and b.active
        where p.id = $1 and not exists (
          select from port where source_id = coalesce(p.source_id, p.id) and target_id = b.id)) as later`,
    [pullId],
  );
  return !rows[0]?.later;
}
