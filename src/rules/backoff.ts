/** How a failing queue row is tried again. Durations in milliseconds. */
export interface RetryPolicy {
  readonly firstMs: number;
  /** 1 keeps the delay, 2 doubles it. */
  readonly factor: number;
  readonly maxMs: number;
  /** Failures after which the row is a dead letter. */
  readonly attempts: number;
}

const MINUTE_MS = 60_000;

/** Every queue but the port queue: 1 min, 2, 4 … 1 h; dead after 12 failures, about 7 hours (R6). */
export const DEFAULT_RETRY: RetryPolicy = {
  firstMs: MINUTE_MS,
  factor: 2,
  maxMs: 60 * MINUTE_MS,
  attempts: 12,
};

/** The port queue: every 60 minutes, 24 times (R6, forward-port spec 2). */
export const PORT_RETRY: RetryPolicy = {
  firstMs: 60 * MINUTE_MS,
  factor: 1,
  maxMs: 60 * MINUTE_MS,
  attempts: 24,
};

/**
 * Gives the milliseconds to wait after the `failures`-th failure in a row (1 is the first), or null
 * when the row is dead.
 */
export function retryDelayMs(failures: number, policy: RetryPolicy = DEFAULT_RETRY): number | null {
  if (failures >= policy.attempts) return null;
  const exponent = Math.max(0, failures - 1);
  return Math.min(policy.firstMs * policy.factor ** exponent, policy.maxMs);
}
