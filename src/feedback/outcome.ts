import { GitHubError } from '../github/errors.ts';
import type { Outcome } from '../github/facts.ts';
import { postpone } from '../github/postpone.ts';
import { GiveUp } from '../lib/try-later.ts';

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
 * @throws whatever puts the row back: a TryLater, a {@link GiveUp}, or the error itself for the usual back-off.
 */
export function settleFailure(error: unknown): Done {
  if (!(error instanceof GitHubError) || error.retryAfterMs !== null) return postpone(error);
  if (error.status === 404 || error.status === 410) return 'gone';
  if (error.status === 400 || error.status === 422) throw new GiveUp(error.message);
  return postpone(error);
}
