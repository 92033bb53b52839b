import { DEFAULT_RETRY, retryDelayMs } from '../rules/backoff.ts';

/** How every queue but the port queue is tried again (R6). */
export const USUAL_RETRY = {
  maxAttempts: DEFAULT_RETRY.attempts,
  delayMs: (attempt: number): number => retryDelayMs(attempt) ?? DEFAULT_RETRY.maxMs,
} as const;
