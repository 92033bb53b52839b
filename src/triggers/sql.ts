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
  const columns = typeof trigger.on === 'string' ? [] : trigger.on;
  const name = ['wake', short(trigger.wakes), 'on', ...(columns.length ? columns : [trigger.on])]
    .join('_')
    .slice(0, 63);
  const changed = columns
    .map((column) => `old.${column} is distinct from new.${column}`)
    .join(' or ');
  const conditions = [changed, trigger.when ?? ''].filter(Boolean).map((text) => `(${text})`);
  const when = conditions.length ? `when (${conditions.join(' and ')})` : '';
  const event = typeof trigger.on === 'string' ? trigger.on : `update of ${columns.join(', ')}`;
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

/**
 * DDL of a time that wakes: one future row a subject, moved with the column and gone with the row. A trigger an event, since
 * most writes do not touch the time and the condition of a trigger costs less than a call.
 */
export function deadlineBells(deadline: Deadline): Bell[] {
  const { table, at, wakes } = deadline;
  const name = `due_${table}_${at}`;
  const means = (row: 'new' | 'old') =>
    `(${row}.${at} is not null and (${conditionOf(deadline, row)}))`;
  const forget = `delete from cron_trigger where cron = '${wakes}' and subject = ${subjectOf(deadline, 'old')};`;
  const plan = `insert into cron_trigger (cron, subject, run_at)
      values ('${wakes}', ${subjectOf(deadline, 'new')}, new.${at}) on conflict do nothing;
    perform pg_notify('${CHANNEL}', 'deadline');`;
  const planFunction = `
create or replace function ${name}() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then
    ${forget}
  end if;
  if tg_op <> 'DELETE' and ${means('new')} then
    ${plan}
  end if;
  return null;
end $$`;
  const bell = (event: 'insert' | 'update' | 'delete', when: string): Bell => ({
    name: `${name}_${event}`,
    table,
    sql: [
      `create trigger ${name}_${event} after ${event} on ${table} for each row when (${when}) execute function ${name}()`,
    ],
  });
  const moved = `old.${at} is distinct from new.${at} or ${means('old')} is distinct from ${means('new')}`;
  return [
    { name, table: '', sql: [planFunction] },
    bell('insert', means('new')),
    bell('update', moved),
    bell('delete', `old.${at} is not null`),
  ];
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
    ...DEADLINES.flatMap(deadlineBells),
  ];
}
