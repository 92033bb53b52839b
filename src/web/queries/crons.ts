import type { DataSource } from 'typeorm';
import { CRON_NAMES } from '../../triggers/names.ts';
import type { CronName } from '../../triggers/names.ts';

/** A cron as the API shows it. Times are ISO 8601 when printed. */
export interface CronView {
  readonly name: CronName;
  readonly active: boolean;
  readonly reason: string | null;
  readonly changed_by: string | null;
  readonly changed_at: Date | null;
  /** Off until then. */
  readonly until: Date | null;
  readonly running: boolean;
  /** A wake waits to be answered. */
  readonly due: boolean;
  /** The next wake that is not due yet. */
  readonly next_at: Date | null;
  readonly started_at: Date | null;
  readonly succeeded_at: Date | null;
  readonly failed_at: Date | null;
  readonly failures: number;
  readonly last_error: string | null;
}

/**
 * All crons, in the order of the switches. `running` compares with the clock of the database, by which leases are given;
 * one statement, so that a run's end and the wakes it answered are seen together or not at all.
 */
export async function listCrons(db: DataSource, now: Date): Promise<CronView[]> {
  return db.query<CronView[]>(
    `select c.name, c.active, c.reason, c.changed_by, c.changed_at, c.until,
            coalesce(c.lease_until > clock_timestamp(), false) as running,
            coalesce(w.due, false) as due, w.next_at,
            c.started_at, c.succeeded_at, c.failed_at, c.failures, c.last_error
       from cron c
       left join (select cron, bool_or(run_at <= $1) as due, min(run_at) filter (where run_at > $1) as next_at
                    from cron_trigger group by cron) w on w.cron = c.name
      where c.name = any($2)
      order by array_position($2, c.name)`,
    [now, CRON_NAMES],
  );
}
