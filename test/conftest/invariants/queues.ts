import { CRONS } from '../../../src/crons/table.ts';
import { QUEUES } from '../../../src/triggers/table.ts';
import type { Facts } from './facts.ts';

const DAY_MS = 86_400_000;

/** I-20: what was answered with success is in the database. In stories that last for days maintenance has forgotten it. */
export function lostDeliveries({ rows, github }: Facts): string[] {
  const tomorrow = Date.now() + DAY_MS;
  if (rows.crons.some((one) => (one.succeededAt?.getTime() ?? 0) > tomorrow)) return [];
  return github.deliveries
    .filter((one) => [200, 202].includes(one.statusCode) && !rows.guids.has(one.guid))
    .map((one) => `${one.event} ${one.guid} was accepted and is not stored`);
}

const KEEPS = ['delivery', 'feedback'];

/** Rows `q` that wait for something else than a wake of their cron. */
const HELD: Readonly<Record<string, string>> = {
  forwardport_job: `exists (select from batch b join project p on p.id = b.project_id where b.id = q.batch_id
    and not (p.active and coalesce((p.settings #>> '{forwardport,enabled}')::boolean, false)))`,
};

/** I-26: each row of a queue is given up visibly, or somebody will be woken for it in time. */
export async function forgottenRows({ db, rows }: Facts): Promise<string[]> {
  const parts = QUEUES.map(
    ({ table, cron }) =>
      `select '${table} ' || q.id as row, '${cron}' as cron from ${table} q
        where q.dead_at is null ${KEEPS.includes(table) ? 'and q.done_at is null' : ''}
          and not ${HELD[table] ?? 'false'}
          and not exists (select from cron_trigger w
                where w.cron = '${cron}' and (q.retry_at is null or w.run_at <= q.retry_at))`,
  );
  const found = await db.query<{ row: string; cron: string }[]>(parts.join(' union all '));
  const off = new Set(rows.crons.filter((one) => !one.active).map((one) => one.name));
  return found
    .filter((one) => !off.has(one.cron))
    .map((one) => `${one.row} waits, and nothing will wake ${one.cron}`);
}

const MOST_TRIES = 24;

/** I-28: tries are bounded. */
export async function endlessTries({ db }: Facts): Promise<string[]> {
  const parts = QUEUES.map(
    ({ table }) =>
      `select '${table} ' || id as row, attempts from ${table} where attempts > ${MOST_TRIES}`,
  );
  const found = await db.query<{ row: string; attempts: number }[]>(parts.join(' union all '));
  return found.map((one) => `${one.row} was tried ${one.attempts} times`);
}

/** I-39: a cron that is off has not been started since. */
export function disobedientCrons({ rows }: Facts): string[] {
  return rows.crons
    .filter((one) => !one.active && one.changedAt !== null && one.startedAt !== null)
    .filter((one) => (one.startedAt?.getTime() ?? 0) > (one.changedAt?.getTime() ?? 0))
    .map((one) => `${one.name} ran although it was switched off`);
}

/** I-40: at rest nobody holds a cron. */
export function heldCrons({ rows }: Facts): string[] {
  return rows.crons.filter((one) => one.held).map((one) => `${one.name} is held at rest`);
}

/** I-29, I-41: at rest no wake is due that nobody answered. */
export async function unansweredWakes({ db, rows }: Facts): Promise<string[]> {
  const found = await db.query<{ cron: string }[]>(
    `select distinct cron from cron_trigger where run_at = '-infinity'`,
  );
  const active = new Set(rows.crons.filter((one) => one.active).map((one) => one.name));
  return found
    .filter((one) => active.has(one.cron) && one.cron in CRONS)
    .map((one) => `a wake of ${one.cron} was not answered`);
}
