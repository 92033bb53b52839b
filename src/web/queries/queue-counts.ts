import type { DataSource } from 'typeorm';
import { QUEUE_NAMES } from '../queues.ts';

/** How full a queue is. */
export interface QueueCount {
  /** Rows to be done, now or later. */
  readonly waiting: number;
  /** Of these, rows that could be done now. Some may be held back by a switch. */
  readonly due: number;
  /** Rows given up: a person must look. */
  readonly dead: number;
}

const COUNT_SQL = QUEUE_NAMES.map(
  ({ name, table, open }) => `select '${name}' as name,
    count(*) filter (where dead_at is null)::int as waiting,
    count(*) filter (where dead_at is null and (retry_at is null or retry_at <= $1))::int as due,
    count(*) filter (where dead_at is not null)::int as dead
  from ${table} where ${open}`,
).join(' union all ');

/** Counts all queues at one moment. */
export async function countQueues(db: DataSource, now: Date): Promise<Record<string, QueueCount>> {
  const rows = await db.query<(QueueCount & { name: string })[]>(COUNT_SQL, [now]);
  return Object.fromEntries(rows.map(({ name, ...count }) => [name, count]));
}
