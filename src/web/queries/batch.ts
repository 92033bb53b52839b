import type { DataSource } from 'typeorm';
import type { ForwardportPolicy, Priority } from '../../models/batch.ts';
import { pullRefs } from './pull-refs.ts';
import type { PullRef } from './pull-refs.ts';

/** A batch as the API shows it. */
export interface BatchView {
  readonly id: number;
  readonly project: string;
  readonly label: string;
  readonly target: string | null;
  readonly active: boolean;
  readonly merged_at: Date | null;
  readonly priority: Priority;
  readonly skipchecks: boolean;
  readonly blocked: string | null;
  readonly unblocked_at: Date | null;
  /** The split it waits in. */
  readonly split: number | null;
  /** The batch it was ported from. */
  readonly parent: number | null;
  /** The running staging it is in. */
  readonly staging: number | null;
  readonly fw_policy: ForwardportPolicy;
  readonly pulls: readonly PullRef[];
}

/** One batch with its pull requests, or null. */
export async function findBatch(db: DataSource, id: number): Promise<BatchView | null> {
  const rows = await db.query<(Omit<BatchView, 'pulls'> & { ids: number[] })[]>(
    `select b.id, p.name as project, b.label, t.name as target, b.active, b.merged_at, b.priority, b.skipchecks,
            b.blocked, b.unblocked_at, b.split_id as split, b.parent_id as parent,
            b.forwardport_policy as fw_policy,
            (select max(s.id) from staging s join staging_batch sb on sb.staging_id = s.id
              where s.active and sb.batch_id = b.id) as staging,
            array(select id from pull_request where batch_id = b.id order by id) as ids
       from batch b join project p on p.id = b.project_id left join branch t on t.id = b.target_id
      where b.id = $1`,
    [id],
  );
  const row = rows[0];
  if (!row) return null;
  const { ids, ...batch } = row;
  const refs = await pullRefs(db, ids);
  return { ...batch, pulls: [...refs.values()] };
}
