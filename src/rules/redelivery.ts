/** One try of GitHub to deliver a webhook. */
export interface DeliveryAttempt {
  /** A whole number. */
  readonly id: string;
  /** Of the webhook: all its tries have the same. */
  readonly guid: string;
  readonly at: Date;
  /** The receiver took it. */
  readonly ok: boolean;
}

/** GitHub keeps deliveries for three days; Enterprise Server for seven, of which these are enough. */
export const DELIVERIES_KEPT_MS = 3 * 24 * 3_600_000;
/** Tries after which a webhook is left to the comparison with GitHub: the receiver refuses this one, it seems. */
const MOST_ATTEMPTS = 5;

/**
 * Gives the deliveries to ask GitHub for once more, oldest first: of each webhook that no try brought here and that is not
 * in the inbox the newest try.
 *
 * @param known guids of the inbox: what was stored although GitHub never heard our answer.
 */
export function lostDeliveries(
  attempts: readonly DeliveryAttempt[],
  known: ReadonlySet<string>,
): string[] {
  const byGuid = new Map<string, DeliveryAttempt[]>();
  for (const attempt of [...attempts].sort(inTime)) {
    const others = byGuid.get(attempt.guid);
    if (others) others.push(attempt);
    else byGuid.set(attempt.guid, [attempt]);
  }
  return [...byGuid]
    .filter(([guid, tries]) => !known.has(guid) && !tries.some((one) => one.ok))
    .filter(([, tries]) => tries.length < MOST_ATTEMPTS)
    .flatMap(([, tries]) => tries.at(-1)?.id ?? []);
}

function inTime(one: DeliveryAttempt, other: DeliveryAttempt): number {
  return one.at.getTime() - other.at.getTime() || (BigInt(one.id) < BigInt(other.id) ? -1 : 1);
}
