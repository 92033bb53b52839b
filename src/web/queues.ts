import { QUEUES } from '../triggers/table.ts';
import type { QueueTable } from '../triggers/table.ts';
import { found } from './refusal.ts';

/** A work queue as people see it: by the name of the cron that works it off. */
export interface QueueName {
  readonly name: string;
  readonly table: QueueTable;
  /** The condition, in SQL, of a row that is still to be done or was given up. */
  readonly open: string;
}

/** Done rows of these stay as a record. */
const KEPT: readonly QueueTable[] = ['delivery', 'feedback'];

/** Every queue, in the order of their table. Constants of this code base: they may stand in SQL text. */
export const QUEUE_NAMES: readonly QueueName[] = QUEUES.map(({ table, cron }) => ({
  name: cron,
  table,
  open: (KEPT as readonly string[]).includes(table) ? 'done_at is null' : 'true',
}));

/** Finds a queue. @throws 404 for a name that is none. */
export function queueNamed(name: string): QueueName {
  return found(
    QUEUE_NAMES.find((queue) => queue.name === name),
    'queue',
  );
}
