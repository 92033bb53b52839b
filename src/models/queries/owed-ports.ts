import type { EntityManager } from 'typeorm';

/** A merged source without a port, or a reason for none, on a later active branch; and the chain around that branch. */
export interface OwedPort {
  readonly sourceId: number;
  readonly targetId: number;
  /** The newest pull request of the chain before the branch: what a port would be made from. */
  readonly beforeId: number;
  /** The oldest one behind it; null: the chain has not come so far. */
  readonly laterId: number | null;
}

/**
 * Lists the branches that merged sources of a project still owe a port or a reason to (R28), where nothing else is going to
 * bring one: no job is queued for the chain, and it does not simply wait for CI or a person at its end. Oldest sources
 * first, then branches in order. The limit is applied; the branch filter of the repository is not, as it is no SQL.
 */
export function owedPorts(tx: EntityManager, projectId: number): Promise<OwedPort[]> {
  return tx.query(
    `select s.id as "sourceId", t.id as "targetId", before.id as "beforeId", later.id as "laterId"
       from pull_request s
       join branch own on own.id = s.target_id
       join branch t on t.project_id = own.project_id and t.sequence > own.sequence and t.active
       left join branch stop on stop.id = s.limit_id
       join lateral (
         select p.*, b.active as on_active from pull_request p join branch b on b.id = p.target_id
          where (p.id = s.id or p.source_id = s.id) and b.sequence < t.sequence
          order by b.sequence desc, p.id desc limit 1) before on true
       left join lateral (
         select p.id from pull_request p join branch b on b.id = p.target_id
          where p.source_id = s.id and b.sequence > t.sequence
          order by b.sequence, p.id desc limit 1) later on true
       join batch on batch.id = before.batch_id
      where own.project_id = $1 and s.source_id is null and s.merged_sha is not null and s.commits_map is not null
        and (stop.id is null or t.sequence <= stop.sequence)
        and batch.forwardport_policy <> 'no'
        and not exists (
          select from port where source_id = s.id and target_id = t.id and (state in ('opened', 'skipped')
            or exists (select from forwardport_job j where j.batch_id = port.from_batch_id)))
        and not exists (select from pull_request p where p.source_id = s.id and p.target_id = t.id)
        and not exists (select from forwardport_job j where j.batch_id = before.batch_id)
        and (later.id is not null or before.closed or before.merged_sha is not null or not before.on_active)
      order by s.id, t.sequence`,
    [projectId],
  );
}
