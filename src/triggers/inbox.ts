import type { EntityManager } from 'typeorm';
import type { CronName } from './names.ts';

/** A due wake, by its whole key: what is deleted after the run is exactly what was read before it. */
export interface Wake {
  readonly cron: CronName;
  readonly subject: string;
  /** As PostgreSQL prints it: `-infinity` and microseconds do not survive a JavaScript date. */
  readonly runAt: string;
  readonly xact: string;
}

/**
 * Deletes wakes that a finished run has answered. One that was added meanwhile has another key and stays; so does one that
 * an open transaction is about to move, and nobody is waited for.
 */
export async function deleteWakes(tx: EntityManager, wakes: readonly Wake[]): Promise<void> {
  if (wakes.length === 0) return;
  await tx.query(
    `delete from cron_trigger where ctid in (
      select t.ctid from cron_trigger t
        join unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) as w (cron, subject, run_at, xact)
          on t.cron = w.cron and t.subject = w.subject and t.run_at = w.run_at::timestamptz and t.xact = w.xact
         for update of t skip locked)`,
    [
      wakes.map((wake) => wake.cron),
      wakes.map((wake) => wake.subject),
      wakes.map((wake) => wake.runAt),
      wakes.map((wake) => wake.xact),
    ],
  );
}

/** Names of active crons that have a due wake. */
export async function dueCrons(tx: EntityManager, now: Date): Promise<CronName[]> {
  const rows = await tx.query<{ cron: CronName }[]>(
    `select distinct t.cron from cron_trigger t join cron c on c.name = t.cron where c.active and t.run_at <= $1`,
    [now],
  );
  return rows.map((row) => row.cron);
}

/** When the next wake of an active cron is due, or null when none is planned. */
export async function nextDeadline(tx: EntityManager, now: Date): Promise<Date | null> {
  const rows = await tx.query<{ at: Date | null }[]>(
    `select min(t.run_at) as at from cron_trigger t join cron c on c.name = t.cron where c.active and t.run_at > $1`,
    [now],
  );
  return rows[0]?.at ?? null;
}

/** Asks a cron to look: what the fallback schedule, the "trigger" button and `stagecoach cron trigger` do (R7). */
export async function wake(tx: EntityManager, cron: CronName): Promise<void> {
  await tx.query('insert into cron_trigger (cron) values ($1) on conflict do nothing', [cron]);
  await tx.query(`select pg_notify('stagecoach_wake', $1)`, [cron]);
}

/** Asks a cron to look at a time: one wake a subject, moved when asked again (R2). */
export async function wakeAt(
  tx: EntityManager,
  cron: CronName,
  { subject, at }: { readonly subject: string; readonly at: Date },
): Promise<void> {
  await forgetWakeAt(tx, cron, subject);
  await tx.query('insert into cron_trigger (cron, subject, run_at) values ($1, $2, $3)', [
    cron,
    subject,
    at,
  ]);
  await tx.query(`select pg_notify('stagecoach_wake', 'deadline')`);
}

/** Takes back what `wakeAt` planned for a subject. */
async function forgetWakeAt(tx: EntityManager, cron: CronName, subject: string): Promise<void> {
  await tx.query('delete from cron_trigger where cron = $1 and subject = $2', [cron, subject]);
}
