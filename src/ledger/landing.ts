import type { EntityManager } from 'typeorm';

/** Whether targets are being moved for a batch right now: GitHub's own echo of that must wait. */
export async function isLanding(tx: EntityManager, batchId: number): Promise<boolean> {
  const rows = await tx.query<unknown[]>(
    `select 1 from staging s join staging_pull b on b.staging_id = s.id
       join landing_step l on l.staging_id = s.id
      where b.batch_id = $1 and s.active limit 1`,
    [batchId],
  );
  return rows.length > 0;
}
