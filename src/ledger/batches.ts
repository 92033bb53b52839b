import type { EntityManager } from 'typeorm';
import { Batch } from '../models/batch.ts';
import type { Branch } from '../models/branch.ts';
import type { Repository } from '../models/repository.ts';
import { isLinkingLabel } from '../rules/names.ts';

const LABEL_LOCK = 4_200;

/** Where a pull request belongs: its repository, target and label. */
interface Slot {
  readonly repository: Repository;
  readonly target: Branch;
  readonly label: string;
}

/**
 * The batch for a pull request: an unmerged one with that label and target and at least one open pull request, or a new
 * one (spec 4.1). Two pull requests that come at once wait for each other here.
 */
export async function joinBatch(tx: EntityManager, slot: Slot, now: Date): Promise<number> {
  const joined = await batchToJoin(tx, slot);
  if (joined !== null) return joined;
  const { repository, target, label } = slot;
  return addBatch(tx, { projectId: repository.projectId, targetId: target.id, label }, now);
}

/** A batch that has room for a pull request of this repository after it was retargeted; null: it stays where it is. */
export async function batchToMoveTo(tx: EntityManager, slot: Slot): Promise<number | null> {
  const id = await batchToJoin(tx, slot);
  if (id === null) return null;
  const rows = await tx.query<unknown[]>(
    'select 1 from pull_request where batch_id = $1 and repository_id = $2 and not closed',
    [id, slot.repository.id],
  );
  return rows.length === 0 ? id : null;
}

/** How far the open pull requests of a batch may be ported, where they agree on a branch: who joins goes as far (forwardport spec 15). */
export async function commonLimit(tx: EntityManager, batchId: number): Promise<number | null> {
  const rows = await tx.query<{ limit: number | null }[]>(
    'select distinct limit_id as "limit" from pull_request where batch_id = $1 and not closed',
    [batchId],
  );
  return rows.length === 1 ? (rows[0]?.limit ?? null) : null;
}

async function batchToJoin(tx: EntityManager, slot: Slot): Promise<number | null> {
  if (!isLinkingLabel(slot.label)) return null;
  await lockLabels(tx, [{ projectId: slot.repository.projectId, label: slot.label }]);
  const rows = await tx.query<{ id: number }[]>(
    `select b.id from batch b
      where b.project_id = $1 and b.merged_at is null
        and exists (select from pull_request p where p.batch_id = b.id and p.label = $2 and p.target_id = $3)
        and exists (select from pull_request p where p.batch_id = b.id and not p.closed)
      order by b.id limit 1`,
    [slot.repository.projectId, slot.label, slot.target.id],
  );
  return rows[0]?.id ?? null;
}

/** Lets nobody else form batches of these labels until the transaction ends. */
export async function lockLabels(
  tx: EntityManager,
  labels: readonly { readonly projectId: number; readonly label: string }[],
): Promise<void> {
  const linking = labels.filter(({ label }) => isLinkingLabel(label));
  for (const name of linking.map(({ projectId, label }) => `${projectId}/${label}`).sort()) {
    await tx.query('select pg_advisory_xact_lock($1, hashtext($2))', [LABEL_LOCK, name]);
  }
}

/** A new batch, still empty. @returns its id. */
export async function addBatch(
  tx: EntityManager,
  columns: Pick<Batch, 'projectId' | 'targetId' | 'label'>,
  now: Date,
): Promise<number> {
  const { identifiers } = await tx.insert(Batch, { ...columns, createdAt: now });
  return (identifiers[0] as { id: number }).id;
}
