import type { EntityManager } from 'typeorm';
import { writeAudit } from '../ledger/audit.ts';
import { QUEUES } from '../triggers/table.ts';
import type { Run } from '../world.ts';

/** A delivery replayed later than that is caught by the guard against stale facts (reliability F-081). */
const KEPT_MS = 35 * 24 * 3_600_000;
const CHUNK = 1_000;

/** Turns switches back on whose time is over, forgets what is long done, and counts what waits for a person. */
export async function maintain(run: Run): Promise<void> {
  await run.transaction((tx) => turnOn(tx, run.now));
  const before = new Date(run.now.getTime() - KEPT_MS);
  for (const sql of FORGET) await forget(run, sql, before);
  await countDead(run);
}

async function turnOn(tx: EntityManager, now: Date): Promise<void> {
  const [rows] = await tx.query<[{ name: string }[], number]>(
    `update cron set active = true, until = null, reason = null, changed_by = 'maintenance', changed_at = $1
      where not active and until <= $1 returning name`,
    [now],
  );
  for (const { name } of rows) {
    await writeAudit(tx, {
      at: now,
      actor: 'maintenance',
      via: 'cron',
      action: 'cron.enable',
      object: `cron:${name}`,
      before: { active: false },
      after: { active: true },
      reason: 'it was switched off until now',
    });
  }
}

/** In chunks: a long lock would hold up the receivers. */
const FORGET = [
  `delete from delivery where id in (select id from delivery where done_at < $1 order by id limit $2)`,
  `delete from feedback where id in (select id from feedback where done_at < $1 order by id limit $2)`,
] as const;

async function forget(run: Run, sql: string, before: Date): Promise<void> {
  for (;;) {
    if (!(await run.mayGoOn())) return;
    const [, count] = await run.transaction((tx) =>
      tx.query<[unknown, number]>(sql, [before, CHUNK]),
    );
    if (count < CHUNK) return;
  }
}

async function countDead(run: Run): Promise<void> {
  const counts: Record<string, number> = {};
  for (const { table } of QUEUES) {
    const sql = `select count(*)::int as dead from ${table} where dead_at is not null`;
    const rows = await run.world.db.query<{ dead: number }[]>(sql);
    if (rows[0] && rows[0].dead > 0) counts[table] = rows[0].dead;
  }
  if (Object.keys(counts).length > 0)
    run.world.log.error({ dead: counts }, 'dead letters wait for a person');
}
