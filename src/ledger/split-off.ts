import type { EntityManager } from 'typeorm';
import { Batch } from '../models/batch.ts';
import { PullRequest } from '../models/pull-request.ts';
import { addBatch } from './batches.ts';
import { pullName, repositoriesById } from './facts.ts';
import { isLanding } from './landing.ts';
import { refreshBatches } from './refresh.ts';
import { activeStagingOf, cancelStaging } from './stagings.ts';

/** What is to be taken out of its batch. */
export interface SplitOff {
  readonly batchId: number;
  /** `owner/repo#n`. */
  readonly pull: string;
  /** The label of the new batch: what comes under it later joins it. */
  readonly label: string;
  readonly now: Date;
}

/**
 * Takes a pull request out of its batch into one of its own (spec 4.1). A running staging of the batch tests what is no
 * longer true, so it is cancelled.
 *
 * @returns why not, or null when it was done. Nothing is written when it is refused.
 */
export async function splitOff(tx: EntityManager, wanted: SplitOff): Promise<string | null> {
  const { batchId, label, now } = wanted;
  const lock = { mode: 'pessimistic_write' } as const;
  const batch = await tx.findOneOrFail(Batch, { where: { id: batchId }, lock });
  if (batch.mergedAt !== null) return 'it has landed';
  if (await isLanding(tx, batchId)) return 'it is landing';
  const own = await findPull(tx, wanted);
  if (typeof own === 'string') return own;
  const taken = await batchOfLabel(tx, batch.projectId, label);
  if (taken !== null) return `${label} is the label of batch ${taken}`;
  const because = `${wanted.pull} was split off`;
  const staging = await activeStagingOf(tx, batchId);
  if (staging) await cancelStaging(tx, staging.id, { reason: because, now });
  const { projectId, targetId } = batch;
  const newId = await addBatch(tx, { projectId, targetId, label }, now);
  await tx.update(PullRequest, own.id, { label, batchId: newId });
  await refreshBatches(tx, [batchId, newId], { now, because });
  return null;
}

async function findPull(
  tx: EntityManager,
  { batchId, pull }: SplitOff,
): Promise<PullRequest | string> {
  const open = await tx.findBy(PullRequest, { batchId, closed: false });
  const names = await repositoriesById(
    tx,
    open.map((one) => one.repositoryId),
  );
  const own = open.find((one) => {
    const repository = names.get(one.repositoryId);
    return repository !== undefined && pullName(repository, one) === pull;
  });
  if (!own) return `${pull} is no open pull request of it`;
  return open.length > 1 ? own : 'there is nothing else in it';
}

async function batchOfLabel(
  tx: EntityManager,
  projectId: number,
  label: string,
): Promise<number | null> {
  const rows = await tx.query<{ id: number }[]>(
    `select b.id from batch b
      where b.project_id = $1 and b.merged_at is null
        and exists (select from pull_request p where p.batch_id = b.id and p.label = $2 and not p.closed)
      limit 1`,
    [projectId, label],
  );
  return rows[0]?.id ?? null;
}
