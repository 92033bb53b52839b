import type { EntityManager, EntityTarget } from 'typeorm';
import type { QueueRow } from '../models/queue-row.ts';
import type { QueueTable } from '../triggers/table.ts';
import { GiveUp, TryLater } from '../lib/try-later.ts';
import type { Finish, Run } from '../world.ts';
import { DeposedError } from './lease.ts';

/** How a queue is worked off. */
export interface Queue<Row extends QueueRow> {
  readonly table: QueueTable;
  readonly entity: EntityTarget<Row>;
  /** Tries before the row is given up. */
  readonly maxAttempts: number;
  /** Pause after the n-th failed try (1 is the first). */
  readonly delayMs: (attempt: number) => number;
  /** Rows that stay as a record: `done_at` instead of a delete. */
  readonly keeps?: true;
  /** Columns whose value names a line: while a row of a line waits for a retry, the later ones of the line wait too. */
  readonly lineOf?: readonly string[];
  /** A condition on the row `q`, in SQL: rows held back now. They stay, and their wake comes from elsewhere. */
  readonly onlyIf?: string;
}

/**
 * Works off what is due, oldest first: claim one row (counting the try), act, finish. A failing row is put back with a
 * growing pause, in the end given up, and never delays the others (R6). No transaction is open while `act` runs.
 */
export async function drain<Row extends QueueRow>(
  run: Run,
  queue: Queue<Row>,
  act: (row: Row, finish: Finish) => Promise<void>,
): Promise<void> {
  const seen: number[] = [];
  for (;;) {
    if (!(await run.mayGoOn())) return;
    const row = await run.transaction((tx) => claim(tx, queue, { seen, now: run.now }));
    if (!row) return;
    seen.push(row.id);
    try {
      await act(row, (writes) => finish(run, queue, { row, writes }));
    } catch (error) {
      if (error instanceof DeposedError) throw error;
      await run.transaction((tx) => putBack(tx, queue, { row, error, now: run.now }));
      tell(run, queue, { row, error });
    }
  }
}

async function claim<Row extends QueueRow>(
  tx: EntityManager,
  queue: Queue<Row>,
  { seen, now }: { seen: readonly number[]; now: Date },
): Promise<Row | null> {
  const [claimed] = await tx.query<[{ id: number }[], number]>(claimSql(queue), [seen, now]);
  const id = claimed[0]?.id;
  if (id === undefined) return null;
  return tx.createQueryBuilder(queue.entity, 'row').where('row.id = :id', { id }).getOneOrFail();
}

/** Built from constants of this code base only: table and column names of the queue's definition. */
function claimSql<Row extends QueueRow>(queue: Queue<Row>): string {
  const open = (row: string) =>
    `${row}.dead_at is null${queue.keeps ? ` and ${row}.done_at is null` : ''}`;
  const sameLine = (queue.lineOf ?? []).map((column) => `e.${column} = q.${column}`).join(' and ');
  const inLine = sameLine
    ? `and not exists (select from ${queue.table} e where ${sameLine} and e.id < q.id and ${open('e')} and e.retry_at > $2)`
    : '';
  return `update ${queue.table} set attempts = attempts + 1 where id = (
    select q.id from ${queue.table} q
     where ${open('q')} and q.id <> all($1) and (q.retry_at is null or q.retry_at <= $2) ${inLine}
       ${queue.onlyIf ? `and (${queue.onlyIf})` : ''}
     order by q.id limit 1 for update skip locked) returning id`;
}

async function finish<Row extends QueueRow>(
  run: Run,
  queue: Queue<Row>,
  { row, writes }: { row: Row; writes: Parameters<Finish>[0] },
): Promise<void> {
  await run.transaction(async (tx) => {
    const later = await writes?.(tx);
    if (later instanceof TryLater) return putBack(tx, queue, { row, error: later, now: run.now });
    const sql = queue.keeps
      ? `update ${queue.table} set done_at = $2, retry_at = null, last_error = null where id = $1`
      : `delete from ${queue.table} where id = $1 and $2::timestamptz is not null`;
    await tx.query(sql, [row.id, run.now]);
  });
}

async function putBack<Row extends QueueRow>(
  tx: EntityManager,
  queue: Queue<Row>,
  { row, error, now }: { row: Row; error: unknown; now: Date },
): Promise<void> {
  const message = error instanceof Error ? error.message : String(error);
  const later = error instanceof TryLater ? error : null;
  const dead = isDead(queue, row, error);
  const retryAt = dead
    ? null
    : new Date(now.getTime() + (later?.afterMs ?? queue.delayMs(row.attempts)));
  const sql = `update ${queue.table} set last_error = $2, retry_at = $3, dead_at = $4, attempts = attempts - $5 where id = $1`;
  const giveBack = later?.counts === false ? 1 : 0;
  await tx.query(sql, [row.id, message.slice(0, 2000), retryAt, dead ? now : null, giveBack]);
}

function isDead<Row extends QueueRow>(queue: Queue<Row>, row: Row, error: unknown): boolean {
  if (error instanceof GiveUp) return true;
  if (error instanceof TryLater && !error.counts) return false;
  return row.attempts >= queue.maxAttempts;
}

function tell<Row extends QueueRow>(
  run: Run,
  queue: Queue<Row>,
  { row, error }: { row: Row; error: unknown },
): void {
  const facts = { queue: queue.table, row: row.id, attempt: row.attempts, err: error };
  if (isDead(queue, row, error))
    run.world.log.error(facts, 'given up: a person must look at this row');
  else if (error instanceof TryLater) run.world.log.info(facts, 'row waits');
  else run.world.log.warn(facts, 'row will be tried again');
}
