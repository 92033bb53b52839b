import type { DataSource } from 'typeorm';
import type { QueueName } from '../queues.ts';
import { aboutRows, type Place } from './queue-about.ts';

/** What a row of a queue may be asked for by. */
export const QUEUE_STATES = ['due', 'scheduled', 'dead'] as const;

/** A row of a work queue. */
export interface QueueRowView {
  readonly id: number;
  readonly state: (typeof QUEUE_STATES)[number];
  readonly attempts: number;
  readonly queued_at: Date;
  readonly retry_at: Date | null;
  readonly dead_at: Date | null;
  readonly last_error: string | null;
  /** What it is about, as people name it: `acme/app#12: comment`. */
  readonly about: string;
  /** The pull requests, or the issue, among that. */
  readonly places: readonly Place[];
  /** The columns of its own; bodies of deliveries are left out. */
  readonly subject: Readonly<Record<string, unknown>>;
}

const COMMON = [
  'id',
  'attempts',
  'queued_at',
  'retry_at',
  'dead_at',
  'last_error',
  'done_at',
  'body',
];

/** Rows still to be done or given up, newest first. */
export async function listQueue(
  db: DataSource,
  queue: QueueName,
  filter: {
    readonly state?: QueueRowView['state'] | undefined;
    readonly after?: number | undefined;
    readonly limit: number;
    readonly now: Date;
  },
): Promise<QueueRowView[]> {
  const sql = `select * from (
      select id, case when dead_at is not null then 'dead' when retry_at > $1 then 'scheduled' else 'due' end as state,
             attempts, queued_at, retry_at, dead_at, last_error, to_jsonb(q) - $2::text[] as subject
        from ${queue.table} q where ${queue.open}) rows
    where ($3::text is null or state = $3) and ($4::int is null or id < $4)
    order by id desc limit $5`;
  const { now, state = null, after = null, limit } = filter;
  const rows = await db.query<QueueRowView[]>(sql, [now, COMMON, state, after, limit]);
  const about = await aboutRows(
    db,
    rows.map((row) => row.subject),
  );
  return rows.map((row, n) => ({ ...row, ...(about[n] ?? { about: '', places: [] }) }));
}
