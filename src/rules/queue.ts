/** Batch priorities, lowest first (spec 4.4). */
export const PRIORITIES = ['nice', 'default', 'priority', 'alone'] as const;
/** How urgent a batch is. */
export type Priority = (typeof PRIORITIES)[number];

/** What the order of the queue looks at. */
export interface QueuedBatch {
  readonly id: number;
  readonly priority: Priority;
  /** When the batch last became unblocked; null is taken as the far future. */
  readonly unblockedAt: Date | null;
}

/**
 * The order of the queue: priority, highest first; then the time of becoming unblocked, earliest
 * first; then the id. Total over batches with different ids (spec 5.2).
 */
export function compareQueued(one: QueuedBatch, other: QueuedBatch): number {
  const urgency = PRIORITIES.indexOf(other.priority) - PRIORITIES.indexOf(one.priority);
  if (urgency !== 0) return urgency;
  const mine = one.unblockedAt?.getTime() ?? Infinity;
  const theirs = other.unblockedAt?.getTime() ?? Infinity;
  if (mine !== theirs) return mine < theirs ? -1 : 1;
  return one.id - other.id;
}
