/**
 * Divides a failed staging in two in staging order, the larger half first: `ceil(n/2)` and the rest
 * (R20). One half is left when there is a single batch: that one is to blame.
 */
export function split<B>(batches: readonly B[]): B[][] {
  const middle = Math.ceil(batches.length / 2);
  return [batches.slice(0, middle), batches.slice(middle)].filter((half) => half.length > 0);
}

/** A batch as tested: what it is made of. */
export interface TestedBatch {
  readonly id: number;
  /** `owner/repo#n@sha` of its pull requests, or anything else that names the tested content. */
  readonly content: readonly string[];
}

/**
 * Names a set of batches on a base, so that a set known to be red is never tested twice (R20). The
 * order of batches and repositories does not matter; a new head or a moved base makes a new name.
 */
export function redSetKey(
  batches: readonly TestedBatch[],
  bases: Readonly<Record<string, string>>,
): string {
  const contents = batches.map(({ id, content }) => [id, ...[...content].sort()].join(' ')).sort();
  const heads = Object.entries(bases)
    .map(([repository, head]) => `${repository} ${head}`)
    .sort();
  return JSON.stringify([heads, contents]);
}

/** What is left to test of a set when red sets are remembered. */
export interface UntestedPlan<B> {
  /** The first part not known to be red; empty when there is none. */
  readonly stage: readonly B[];
  /** Further parts, to be kept as splits in this order. */
  readonly waiting: readonly (readonly B[])[];
  /** Batches known to be red by themselves. */
  readonly red: readonly B[];
}

/**
 * Halves a set until a part is not known to be red. A part which is not known is staged whole, so
 * without memory the plan is the set itself. No batch is lost or doubled.
 */
export function planUntested<B>(
  batches: readonly B[],
  isRed: (part: readonly B[]) => boolean,
): UntestedPlan<B> {
  const red: B[] = [];
  const untested: (readonly B[])[] = [];
  const visit = (part: readonly B[]): void => {
    if (part.length === 0) return;
    if (!isRed(part)) untested.push(part);
    else if (part.length === 1) red.push(...part);
    else split(part).forEach(visit);
  };
  visit(batches);
  const [stage = [], ...waiting] = untested;
  return { stage, waiting, red };
}

/** What happens to the other splits of a family once a culprit is found (spec 1.4). */
export type OnFail = 'nothing' | 'join' | 'delete';

/**
 * Gives the splits that remain after a culprit was found: as they are, joined to one (when there are
 * two at least), or none, which returns their batches to the pool. Batches keep their order.
 */
export function splitsAfterCulprit<B>(
  splits: readonly (readonly B[])[],
  policy: OnFail,
): (readonly B[])[] {
  if (policy === 'delete') return [];
  if (policy === 'join' && splits.length > 1) return [splits.flat()];
  return [...splits];
}

/** Something that tells about the honesty of a red staging. */
export type FalsePositiveEvent =
  | { readonly kind: 'staging-cancelled' }
  | { readonly kind: 'split-deleted' }
  | { readonly kind: 'pulled-out' }
  | { readonly kind: 'culprit-found'; readonly splitsLeft: number };

/**
 * Tells whether a staging that just failed may have been a fluke of CI: several batches, and not
 * itself out of a split (spec 6.6). The flag stays if everything lands in the end.
 */
export function mayBeFalsePositive(failed: {
  readonly batches: number;
  readonly fromSplit: boolean;
}): boolean {
  return failed.batches > 1 && !failed.fromSplit;
}

/** Tells whether an event in the family of a staging takes the flag from the original one. */
export function clearsFalsePositive(event: FalsePositiveEvent): boolean {
  return event.kind !== 'culprit-found' || event.splitsLeft === 0;
}
