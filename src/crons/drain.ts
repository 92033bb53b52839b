import type { EntityManager } from 'typeorm';
import type { QueueRow } from '../models/queue-row.ts';
import { GiveUp, TryLater } from '../lib/try-later.ts';
import type { Finish, Run } from '../world.ts';
import { type Claimable, openClaims, type TakeNext } from './claim.ts';
import { DeposedError } from './lease.ts';

/** How a queue is worked off. */
export interface Queue<Row extends QueueRow> extends Claimable<Row> {
  /** Tries before the row is given up. */
  readonly maxAttempts: number;
  /** Pause after the n-th failed try (1 is the first). */
  readonly delayMs: (attempt: number) => number;
}

type Act<Row> = (row: Row, finish: Finish) => Promise<void>;

/**
 * Works off what is due, oldest first: claim one row (counting the try), act, finish. A failing row is put back with a
 * growing pause, in the end given up, and never delays the others (R6). No transaction is open while `act` runs: the commit
 * that ends a row also claims the next one.
 *
 * @param act calls `finish` last, if at all; a row that it does not finish stays as it is.
 */
export async function drain<Row extends QueueRow>(
  run: Run,
  queue: Queue<Row>,
  act: Act<Row>,
): Promise<void> {
  const drained = { run, queue, act, takeNext: openClaims(run, queue), left: [] };
  let row = await drained.takeNext({ ended: null, left: [] });
  while (row) row = await workOff(drained, row);
}

interface Drained<Row extends QueueRow> {
  readonly run: Run;
  readonly queue: Queue<Row>;
  readonly act: Act<Row>;
  readonly takeNext: TakeNext<Row>;
  /** Rows that were tried and are still there. */
  readonly left: number[];
}

/** @returns the next row, claimed. */
async function workOff<Row extends QueueRow>(drained: Drained<Row>, row: Row): Promise<Row | null> {
  const { run, queue, left, takeNext } = drained;
  const turn = { ended: false, next: null as Row | null };
  try {
    await drained.act(row, async (writes) => {
      turn.next = await finish(drained, row, writes);
      turn.ended = true;
    });
  } catch (error) {
    if (error instanceof DeposedError || turn.ended) throw error;
    left.push(row.id);
    const next = await run.transaction(async (tx) => {
      await putBack(tx, queue, { row, error, now: run.now });
      return takeNext({ ended: null, left }, tx);
    });
    tell(run, queue, { row, error });
    return next;
  }
  if (turn.ended) return turn.next;
  left.push(row.id);
  return takeNext({ ended: null, left });
}

/** One commit: the writes, the end of the row, and the claim of the next one, which is answered. */
function finish<Row extends QueueRow>(
  { run, queue, left, takeNext }: Drained<Row>,
  row: Row,
  writes: Parameters<Finish>[0],
): Promise<Row | null> {
  if (!writes) return takeNext({ ended: row.id, left });
  return run.transaction(async (tx) => {
    const later = await writes(tx);
    if (!(later instanceof TryLater)) return takeNext({ ended: row.id, left }, tx);
    await putBack(tx, queue, { row, error: later, now: run.now });
    left.push(row.id);
    return takeNext({ ended: null, left }, tx);
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
