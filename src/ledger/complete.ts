import type { EntityManager } from 'typeorm';
import { ForwardportJob } from '../models/queues.ts';

/**
 * Queues what a pull request misses that joins a batch which was ported already: it must be in every batch made of that one
 * (forwardport spec 15). A port of our own, known by its branch, is where it belongs.
 */
export async function queueCompletion(
  tx: EntityManager,
  { pullRequestId, batchId }: { readonly pullRequestId: number; readonly batchId: number },
  now: Date,
): Promise<void> {
  const rows = await tx.query<unknown[]>(
    `select 1 from pull_request p
      where p.id = $1 and not p.closed
        and exists (select from batch where parent_id = $2)
        and not exists (select from port
                         where port.repository_id = p.repository_id and port.target_id = p.target_id
                           and port.branch = substr(p.head_label, strpos(p.head_label, ':') + 1))`,
    [pullRequestId, batchId],
  );
  if (rows.length === 0) return;
  await tx.insert(ForwardportJob, { batchId, kind: 'complete', pullRequestId, queuedAt: now });
}
