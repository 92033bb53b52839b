import { TryLater } from '../lib/try-later.ts';
import { GitHubError } from './errors.ts';

const BROKEN_TOKEN_PAUSE_MS = 5 * 60_000;

/**
 * Throws on what a call threw, for an item of a queue: a limit and a refused token are nobody's fault and cost the item no
 * try (reliability F-053 to F-056).
 */
export function postpone(error: unknown): never {
  if (error instanceof GitHubError && error.retryAfterMs !== null)
    throw new TryLater(error.message, { afterMs: error.retryAfterMs, counts: false });
  if (error instanceof GitHubError && error.status === 401)
    throw new TryLater(error.message, { afterMs: BROKEN_TOKEN_PAUSE_MS, counts: false });
  throw error;
}
