/** What the deadline of a staging rests on. Durations in milliseconds. */
export interface TimeoutFacts {
  readonly stagedAt: Date;
  readonly timeoutMs: number;
  /** How long a required context may stay silent; the staging's time-out when left out. */
  readonly neverStartedMs?: number;
  /** The latest moment ever at which a required context was heard to be pending. */
  readonly lastPendingAt: Date | null;
  /** Required contexts CI never spoke about. */
  readonly missing: readonly string[];
}

/** When a staging is given up, and how that is worded. */
export interface Deadline {
  readonly at: Date;
  readonly kind: 'never-started' | 'running';
}

/**
 * Gives the deadline of a pending staging (R11). Only a required context that is really pending
 * extends it; success and failure never do. While something required never started and nothing runs
 * beyond it, the shorter patience for silent contexts applies and the kind names that.
 */
export function timeoutAt(facts: TimeoutFacts): Deadline {
  const silent = facts.missing.length > 0;
  const patienceMs = silent ? (facts.neverStartedMs ?? facts.timeoutMs) : facts.timeoutMs;
  const first = facts.stagedAt.getTime() + patienceMs;
  const bumped =
    facts.lastPendingAt === null ? first : facts.lastPendingAt.getTime() + facts.timeoutMs;
  return { at: new Date(Math.max(first, bumped)), kind: silent ? 'never-started' : 'running' };
}
