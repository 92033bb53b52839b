import { GitHubError } from '../github/errors.ts';
import type { Outcome } from '../github/facts.ts';
import { GiveUp, TryLater } from '../lib/try-later.ts';

const BROKEN_TOKEN_PAUSE_MS = 5 * 60_000;

/** What is done: as asked, or there was nothing left to do it to. */
export type Done = 'done' | 'gone';

/** Reads the outcome of a change. @throws GiveUp when GitHub refuses it: asking again would not help. */
export function settle(outcome: Outcome): Done {
  switch (outcome.kind) {
    case 'done':
      return 'done';
    case 'missing':
      return 'gone';
    case 'refused':
      throw new GiveUp(`GitHub refuses: ${outcome.detail}`);
  }
}

/**
 * Judges what a call to GitHub threw. A pull request that is gone needs no words; a limit or a refused token is nobody's
 * fault and costs no try; what GitHub finds invalid stays invalid.
 *
 * @throws whatever puts the row back: {@link TryLater}, {@link GiveUp}, or the error itself for the usual back-off.
 */
export function settleFailure(error: unknown): Done {
  if (!(error instanceof GitHubError)) throw error;
  if (error.status === 404 || error.status === 410) return 'gone';
  if (error.retryAfterMs !== null)
    throw new TryLater(error.message, { afterMs: error.retryAfterMs, counts: false });
  if (error.status === 401)
    throw new TryLater(error.message, { afterMs: BROKEN_TOKEN_PAUSE_MS, counts: false });
  if (error.status === 400 || error.status === 422) throw new GiveUp(error.message);
  throw error;
}
