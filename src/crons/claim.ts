import type { DeepPartial, EntityManager, EntityTarget } from 'typeorm';
import type { QueueRow } from '../models/queue-row.ts';
import { wakeAt } from '../triggers/inbox.ts';
import type { QueueTable } from '../triggers/table.ts';
import type { Run } from '../world.ts';
import { DeposedError, MINE } from './lease.ts';
import { execute, prepare } from './prepared.ts';
import { untangled } from './run.ts';

const LOCKED_MS = 5_000;

/** Which rows of a queue there are to take, and in which order. */
export interface Claimable<Row extends QueueRow> {
  readonly table: QueueTable;
  readonly entity: EntityTarget<Row>;
  /** Rows that stay as a record: `done_at` instead of a delete. */
  readonly keeps?: true;
  /** Columns whose value names a line, as `LINES` says: what ends a pause must wake the cron for those behind. */
  readonly lineOf?: readonly string[];
  /** A condition on the row `q`, in SQL: rows held back now. They stay, and their wake comes from elsewhere. */
  readonly onlyIf?: string;
}

/** One step over a queue. */
export interface Step {
  /** The row that was worked off and goes now; null: none. */
  readonly ended: number | null;
  /** Rows that this run has looked at and left: it does not take them again. */
  readonly left: readonly number[];
}

/** Ends a row and claims the next one: in the given transaction, or as one of its own. Null: nothing is due. */
export type TakeNext<Row> = (step: Step, tx?: EntityManager) => Promise<Row | null>;

/**
 * The one statement of a queue: fence, end of the last row, claim of the next oldest one that is due, its try counted. So a
 * row costs one round trip and one commit, and a row is claimed only while the cron is switched on and its lease is ours.
 *
 * @throws DeposedError (the function it answers) when the lease is not ours any more; nothing was written.
 */
export function openClaims<Row extends QueueRow>(run: Run, queue: Claimable<Row>): TakeNext<Row> {
  const { db } = run.world;
  const columns = db
    .getMetadata(queue.entity)
    .columns.map((column) => `c.${column.databaseName} as "${column.propertyName}"`);
  const statement = prepare(stepSql(queue, columns.join(', ')));
  return async ({ ended, left }, tx) => {
    const { cron, epoch, owner } = run.lease;
    const values = [cron, epoch, owner, ended, left, run.now, !run.stopping];
    const [answer] = await untangledUnless(tx, run, () =>
      execute<Answer>(tx ?? db.manager, statement, values),
    );
    if (!answer?.mine) throw new DeposedError(run.lease);
    if (answer.skipped) await lookAgain(run, tx);
    if (answer.id === null) return null;
    return db.manager.create(queue.entity, answer as unknown as DeepPartial<Row>);
  };
}

/** Whether the lease is ours, and the columns of the claimed row by their names in the record. */
interface Answer {
  readonly mine: boolean;
  readonly id: number | null;
  /** No row was claimed although one is due: somebody's open transaction has it locked. */
  readonly skipped: boolean;
}

/**
 * A row that is locked is not waited for; but the lock may go without a write that rings, and the wake of the row is
 * answered by this run.
 */
async function lookAgain(run: Run, tx: EntityManager | undefined): Promise<void> {
  const at = new Date(run.now.getTime() + LOCKED_MS);
  const plan = (inside: EntityManager) => wakeAt(inside, run.lease.cron, { subject: 'locked', at });
  await (tx ? plan(tx) : run.transaction(plan));
}

/** A transaction that is under way is repeated by who began it. */
function untangledUnless<T>(tx: EntityManager | undefined, run: Run, work: () => Promise<T>) {
  return tx ? work() : untangled(run.world, work);
}

/** Built from constants of this code base only: table and column names of the queue's definition. */
function stepSql<Row extends QueueRow>(queue: Claimable<Row>, columns: string): string {
  const { table, keeps, lineOf = [], onlyIf = 'true' } = queue;
  const open = (row: string) =>
    `${row}.dead_at is null${keeps ? ` and ${row}.done_at is null` : ''}`;
  const sameLine = lineOf.map((column) => `e.${column} = q.${column}`).join(' and ');
  const inLine = sameLine
    ? `and not exists (select from ${table} e where ${sameLine} and e.id < q.id and ${open('e')} and e.retry_at > $6)`
    : '';
  const end = keeps
    ? `update ${table} set done_at = $6, retry_at = null, last_error = null`
    : `delete from ${table}`;
  const due = `${open('q')} and q.id is distinct from $4 and q.id <> all($5::int[])
         and (q.retry_at is null or q.retry_at <= $6) ${inLine} and (${onlyIf})`;
  return `
    with mine as (${MINE}),
    ended as (${end} where id = $4 and exists (select from mine)),
    due as (
      select q.id from ${table} q where $7 and exists (select from mine where active) and ${due}
       order by q.id limit 1 for update skip locked),
    claimed as (update ${table} r set attempts = r.attempts + 1 from due where r.id = due.id returning r.*)
    select exists (select from mine) as mine, ${columns},
           c.id is null and $7 and exists (select from mine where active)
             and exists (select from ${table} q where ${due}) as skipped
      from (values (1)) one left join claimed c on true`;
}
