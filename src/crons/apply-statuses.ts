import type { EntityManager } from 'typeorm';
import { applyWords } from '../ledger/record-statuses.ts';
import { refreshBatches } from '../ledger/refresh.ts';
import { refreshStaging } from '../ledger/staging-state.ts';
import { StatusJob } from '../models/queues.ts';
import type { Run } from '../world.ts';
import { drain, type Queue } from './drain.ts';
import { USUAL_RETRY } from './usual-retry.ts';

const statusQueue: Queue<StatusJob> = {
  table: 'status_job',
  entity: StatusJob,
  ...USUAL_RETRY,
};

/** Brings what CI said to the pull requests and stagings on the commit. */
export function applyStatuses(run: Run): Promise<void> {
  return drain(run, statusQueue, async (row, finish) => {
    await finish((tx) => applyTo(tx, row, run.now));
  });
}

async function applyTo(
  tx: EntityManager,
  { repositoryId, sha }: StatusJob,
  now: Date,
): Promise<void> {
  await applyWords(tx, { repositoryId, sha });
  const batches = await tx.query<{ id: number }[]>(
    `with recursive line as (
       select id, batch_id from pull_request where repository_id = $1 and head = $2 and merged_sha is null
       union select p.id, p.batch_id from pull_request p join line on p.parent_id = line.id)
     select distinct batch_id as id from line`,
    [repositoryId, sha],
  );
  await refreshBatches(
    tx,
    batches.map((row) => row.id),
    { now, because: `CI of ${sha.slice(0, 12)} is no longer green` },
  );
  const stagings = await tx.query<{ id: number }[]>(
    `select s.id from staging s join staging_head h on h.staging_id = s.id
      where h.repository_id = $1 and h.head = $2 and s.active and s.state = 'pending' order by s.id`,
    [repositoryId, sha],
  );
  for (const { id } of stagings) await refreshStaging(tx, id, now);
}
