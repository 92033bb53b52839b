import type { EntityManager } from 'typeorm';
import type { LinkedPullRequest } from '../../rules/linked-warning.ts';

/** A pull request of a batch in which some are ready and others are not. */
export interface LinkedRow extends LinkedPullRequest {
  readonly id: number;
  readonly repositoryId: number;
  readonly number: number;
  readonly batchId: number;
}

/** The pull requests, by batch, of unmerged batches in which a ready one, not warned yet, is held up by another one. */
export async function linkedPulls(tx: EntityManager): Promise<Map<number, LinkedRow[]>> {
  const batches = new Map<number, LinkedRow[]>();
  for (const row of await heldUp(tx))
    batches.set(row.batchId, [...(batches.get(row.batchId) ?? []), row]);
  return batches;
}

function heldUp(tx: EntityManager): Promise<LinkedRow[]> {
  return tx.query(
    `with held as (
       select b.id from batch b
        where b.merged_at is null and b.active and b.blocked is not null
          and exists (select from pull_request p where p.batch_id = b.id and p.state = 'ready' and not p.link_warned)
          and exists (select from pull_request p where p.batch_id = b.id
                         and (p.state not in ('ready', 'merged', 'closed') or (p.draft and p.state = 'ready'))))
     select p.id, p.repository_id as "repositoryId", p.number, p.batch_id as "batchId",
            r.name || '#' || p.number as name, p.state, p.draft,
            p.approved_by_id is not null and p.approved_sha = p.head as approved,
            p.status, p.state_since as since, p.link_warned as warned
       from pull_request p join repository r on r.id = p.repository_id
      where p.batch_id in (select id from held)
      order by p.batch_id, r.name, p.number`,
  );
}
