import type { DataSource } from 'typeorm';
import type { CronName } from '../../../../src/triggers/names.ts';
import { QUEUES } from '../../../../src/triggers/table.ts';

/** Work that a cron has, found by looking at the records alone: what it is, and from when it is due. */
export interface Work {
  readonly cron: string;
  readonly what: string;
}

const KEPT: readonly string[] = ['delivery', 'feedback'];

/** Open rows of a queue. Ports of a project that has porting switched off wait for the switch. */
function queueSql({ table, cron }: (typeof QUEUES)[number]): string {
  const open = KEPT.includes(table) ? 'dead_at is null and done_at is null' : 'dead_at is null';
  const held =
    table === 'forwardport_job'
      ? `and exists (select from batch b join project p on p.id = b.project_id
           where b.id = q.batch_id and p.active and (p.settings #>> '{forwardport,enabled}')::boolean)`
      : '';
  return `select '${cron}' as cron, '${table} ' || id as what, coalesce(retry_at, '-infinity') as due
            from ${table} q where ${open} ${held}`;
}

/** What each other cron is for, in the words of the specification and not in those of the triggers. */
const OTHERS = [
  `select 'merge', 'judged staging ' || s.id, '-infinity' from staging s join project p on p.id = s.project_id
    where s.active and s.pushed_at is not null and (s.state = 'failure' or (s.state = 'success' and not p.frozen))`,
  `select 'merge', 'late staging ' || id, timeout_at from staging
    where active and pushed_at is not null and state = 'pending'`,
  `select 'merge', 'staging on a disabled branch ' || s.id, '-infinity' from staging s
     join branch b on b.id = s.branch_id where s.active and not b.active`,
  `select 'merge', 'refused push ' || staging_id, retry_at from landing_step
    where state <> 'moved' and retry_at is not null`,
  `select 'staging', 'free branch ' || b.id, '-infinity' from branch b join project p on p.id = b.project_id
    where b.active and b.staging_enabled and p.active and p.staging_enabled and not p.frozen
      and b.id in (select target_id from batch where blocked is null)
      and b.id not in (select branch_id from staging where active)`,
  `select 'reminders', 'port ' || id, reminder_at from pull_request
    where source_id is not null and state not in ('merged', 'closed') and reminder_at is not null`,
  `select 'maintenance', 'switch ' || name, until from cron where not active and until is not null`,
  `select 'linked-warnings', 'batch ' || b.id,
          max(p.state_since) filter (where p.state = 'ready' and not p.draft)
            + min(case when p.state = 'error' or p.draft or p.status = 'failure' then interval '0'
                       else interval '10 minutes' end) filter (where p.state <> 'ready' or p.draft)
     from batch b join pull_request p on p.batch_id = b.id and p.state not in ('merged', 'closed')
    where b.merged_at is null and b.active and b.blocked is not null
    group by b.id
   having bool_or(p.state = 'ready' and not p.draft and not p.link_warned) and bool_or(p.state <> 'ready' or p.draft)`,
];

const WORK = [...QUEUES.map(queueSql), ...OTHERS].join('\nunion all\n');

/** A run that failed, or found a row locked, looks again after its pause: that wake may be later than the work. */
const LATER = ['retry', 'locked'];

/** Work of switched-on crons for which no wake is there that comes in time: none, by R1. */
export function worksWithoutWake(db: DataSource, now: Date): Promise<Work[]> {
  const sql = `with work (cron, what, due) as (${WORK})
     select w.cron, w.what from work w join cron c on c.name = w.cron and c.active
      where not exists (select from cron_trigger t where t.cron = w.cron
              and (t.run_at <= greatest(w.due, $1)
                   or (t.subject = any($2) and t.run_at <= $1::timestamptz + interval '1 hour')))
      order by 1, 2`;
  return db.query(sql, [now, LATER]);
}

/** What a cron has to do now. */
export async function dueWork(db: DataSource, cron: CronName, now: Date): Promise<string[]> {
  const sql = `with work (cron, what, due) as (${WORK}) select what from work where cron = $1 and due <= $2`;
  const rows = await db.query<{ what: string }[]>(sql, [cron, now]);
  return rows.map((row) => row.what);
}

/**
 * How many due wakes of switched-on crons find no work now, apart from crons that owe a look for another reason. The cron
 * that warns plans what is due later: that is work too.
 */
export async function wakesWithoutWork(
  db: DataSource,
  { now, owing }: { readonly now: Date; readonly owing: readonly string[] },
): Promise<Record<string, number>> {
  const sql = `with work (cron, what, due) as (${WORK})
     select t.cron, count(*)::int as wakes from cron_trigger t join cron c on c.name = t.cron and c.active
      where t.run_at <= $1 and t.cron <> all($2)
        and t.cron not in (select w.cron from work w where w.due <= $1 or w.cron = 'linked-warnings')
      group by 1`;
  const rows = await db.query<{ cron: string; wakes: number }[]>(sql, [now, owing]);
  return Object.fromEntries(rows.map(({ cron, wakes }) => [cron, wakes]));
}
