import { DEADLINES, type Deadline, TRIGGERS, type Trigger } from './table.ts';

/** The channel that carries hints. The payload is a cron's name, or `deadline` when only the next one moved. */
export const CHANNEL = 'stagecoach_wake';

/** One SQL function or trigger, by name. */
export interface Bell {
  readonly name: string;
  readonly table: string;
  readonly sql: readonly string[];
}

const short = (text: string) => text.replaceAll('-', '_');

/** Writes the wake in the transaction of the write, and a NOTIFY which PostgreSQL delivers at commit. */
const RING = `
create or replace function ring_cron() returns trigger language plpgsql as $$
begin
  insert into cron_trigger (cron) values (tg_argv[0]) on conflict do nothing;
  perform pg_notify('${CHANNEL}', tg_argv[0]);
  return null;
end $$`;

/**
 * A switched-on cron looks at once: what came meanwhile lies in the tables (R3). Nobody slept on its deadlines while it
 * was off, so the next one is looked up anew.
 */
const RING_SELF = `
create or replace function ring_enabled_cron() returns trigger language plpgsql as $$
begin
  insert into cron_trigger (cron) values (new.name) on conflict do nothing;
  perform pg_notify('${CHANNEL}', new.name);
  perform pg_notify('${CHANNEL}', 'deadline');
  return null;
end $$`;

/** Audit rows are written once (I-45). */
const REFUSE = `
create or replace function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'rows of % are never changed', tg_table_name;
end $$`;

/** DDL of a write that wakes. */
export function triggerBell(trigger: Trigger): Bell {
  const columns = trigger.on === 'insert' ? [] : trigger.on;
  const name = ['wake', short(trigger.wakes), 'on', ...(columns.length ? columns : ['insert'])]
    .join('_')
    .slice(0, 63);
  const changed = columns
    .map((column) => `old.${column} is distinct from new.${column}`)
    .join(' or ');
  const conditions = [changed, trigger.when ?? ''].filter(Boolean).map((text) => `(${text})`);
  const when = conditions.length ? `when (${conditions.join(' and ')})` : '';
  const event = columns.length ? `update of ${columns.join(', ')}` : 'insert';
  return {
    name,
    table: trigger.table,
    sql: [
      `create trigger ${name} after ${event} on ${trigger.table} for each row ${when} execute function ring_cron('${trigger.wakes}')`,
    ],
  };
}

/** SQL of the name under which the deadline of a row lies in the inbox. */
function subjectOf({ table }: Deadline, row: string): string {
  if (table === 'cron') return `'cron:' || ${row}.name`;
  if (table === 'landing_step')
    return `'landing_step:' || ${row}.staging_id || ':' || ${row}.repository_id`;
  return `'${table}:' || ${row}.id`;
}

function conditionOf({ when = 'true' }: Deadline, row: string): string {
  return when.replaceAll(/\bnew\./g, `${row}.`);
}

/**
 * What makes the inbox know the deadlines of rows that were written before their bell was there: a new version that
 * declares a deadline finds a database full of them.
 */
export function backfill(deadline: Deadline): readonly string[] {
  const { table, at, wakes } = deadline;
  return [
    `delete from cron_trigger where cron = '${wakes}' and subject like '${table}:%'`,
    `insert into cron_trigger (cron, subject, run_at)
      select '${wakes}', ${subjectOf(deadline, 'r')}, r.${at} from ${table} r
       where r.${at} is not null and (${conditionOf(deadline, 'r')})`,
  ];
}

/** DDL of a time that wakes: one future row a subject, moved with the column and gone with the row. */
export function deadlineBell(deadline: Deadline): Bell {
  const name = `due_${deadline.table}_${deadline.at}`;
  const subject = (row: string) => subjectOf(deadline, row);
  const condition = (row: 'new' | 'old') => conditionOf(deadline, row);
  return {
    name,
    table: deadline.table,
    sql: [
      `create or replace function ${name}() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then -- most updates of a row do not touch its time
    if old.${deadline.at} is not distinct from new.${deadline.at} and (${condition('old')}) = (${condition('new')}) then
      return null;
    end if;
  end if;
  if tg_op <> 'INSERT' then
    delete from cron_trigger where cron = '${deadline.wakes}' and subject = ${subject('old')};
  end if;
  if tg_op <> 'DELETE' then
    if new.${deadline.at} is not null and (${condition('new')}) then
      insert into cron_trigger (cron, subject, run_at)
        values ('${deadline.wakes}', ${subject('new')}, new.${deadline.at}) on conflict do nothing;
      perform pg_notify('${CHANNEL}', 'deadline');
    end if;
  end if;
  return null;
end $$`,
      `create trigger ${name} after insert or delete or update on ${deadline.table} for each row execute function ${name}()`,
    ],
  };
}

/** Every bell there is, shared functions first. */
export function bells(): Bell[] {
  return [
    { name: 'ring_cron', table: '', sql: [RING] },
    { name: 'refuse_change', table: '', sql: [REFUSE] },
    {
      name: 'wake_enabled_cron',
      table: 'cron',
      sql: [
        RING_SELF,
        `create trigger wake_enabled_cron after insert or update of active on cron for each row when (new.active) execute function ring_enabled_cron()`,
      ],
    },
    {
      name: 'audit_is_final',
      table: 'audit',
      sql: [
        `create trigger audit_is_final before update or delete on audit for each row execute function refuse_change()`,
      ],
    },
    ...TRIGGERS.map(triggerBell),
    ...DEADLINES.map(deadlineBell),
  ];
}
