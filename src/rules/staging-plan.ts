import { compareQueued } from './queue.ts';
import type { QueuedBatch } from './queue.ts';

/** What comes first when there are both ready batches and splits (spec 1.1). */
export type StagingMode = 'default' | 'largest' | 'ready';

/** A waiting half of a failed staging. */
export interface WaitingSplit<B extends QueuedBatch> {
  readonly id: number;
  readonly batches: readonly B[];
}

/**
 * Orders the pending splits of a branch (spec 1.4): the one that waits longest first; depth first, the halves of the newest
 * failed staging before all others, so that a culprit is found before the rest is tried.
 */
export function orderSplits<S extends { readonly id: number; readonly stagingId: number }>(
  splits: readonly S[],
  depthFirst: boolean,
): S[] {
  return [...splits].sort(
    (one, other) => (depthFirst ? other.stagingId - one.stagingId : 0) || one.id - other.id,
  );
}

/** Everything on one branch that could be staged. */
export interface StagingPlanFacts<B extends QueuedBatch> {
  /** Unblocked batches that sit in no split. */
  readonly ready: readonly B[];
  /** Pending splits, the next one first. */
  readonly splits: readonly WaitingSplit<B>[];
  readonly mode: StagingMode;
  /** Most batches in one staging. */
  readonly limit: number;
}

/**
 * What to stage. `batches` are all candidates, in order: staging stops once `limit` of them are in,
 * so that one which cannot be merged gives its place to the next.
 */
export type StagingPlan<B extends QueuedBatch> =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'ready'; readonly batches: readonly B[]; readonly limit: number }
  | {
      readonly kind: 'split';
      readonly split: number;
      readonly batches: readonly B[];
      readonly limit: number;
    };

/**
 * Chooses what to stage next on a branch (spec 5.2): `alone` batches by themselves before all else,
 * then by mode. Splits without batches are never chosen. Changes nothing it is given.
 */
export function chooseBatches<B extends QueuedBatch>(facts: StagingPlanFacts<B>): StagingPlan<B> {
  const ready = [...facts.ready].sort(compareQueued);
  const alone = ready.filter((batch) => batch.priority === 'alone');
  if (alone.length > 0) return { kind: 'ready', batches: alone, limit: facts.limit };
  const split = chooseSplit(facts, ready.length);
  if (split !== undefined) {
    const batches = [...split.batches].sort(compareQueued);
    return { kind: 'split', split: split.id, batches, limit: facts.limit };
  }
  return ready.length > 0
    ? { kind: 'ready', batches: ready, limit: facts.limit }
    : { kind: 'nothing' };
}

/** Ties favour the split, and among splits the one that waits first. */
function chooseSplit<B extends QueuedBatch>(
  { splits, mode }: StagingPlanFacts<B>,
  readyCount: number,
): WaitingSplit<B> | undefined {
  const waiting = splits.filter((split) => split.batches.length > 0);
  const [first] = waiting;
  if (mode === 'default' || first === undefined) return first;
  if (mode === 'ready') return readyCount > 0 ? undefined : first;
  const largest = waiting.reduce((best, one) =>
    one.batches.length > best.batches.length ? one : best,
  );
  return largest.batches.length >= readyCount ? largest : undefined;
}
