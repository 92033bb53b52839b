import type { StatusState } from './status.ts';

/** There is no "staged" or "draft" state: both are told apart by other facts (spec 2.1). */
export type PullRequestState =
  'opened' | 'validated' | 'approved' | 'ready' | 'merged' | 'error' | 'closed';

/** What is stored about a pull request and its batch, as far as the state follows from it. */
export interface PullRequestFacts {
  readonly closed: boolean;
  /** The batch has a merge date. */
  readonly merged: boolean;
  readonly error: boolean;
  /** The batch skips checks: counts as approval and as validation. */
  readonly skipchecks: boolean;
  readonly approved: boolean;
  readonly status: StatusState;
}

/**
 * Gives the one state that follows from the facts; the first match wins, in the order of spec 2.1.
 * A pull request closed before its batch merged stays `closed`; an error hides the approval without
 * dropping it.
 */
export function pullRequestState(facts: PullRequestFacts): PullRequestState {
  if (facts.closed) return 'closed';
  if (facts.merged) return 'merged';
  if (facts.error) return 'error';
  if (facts.skipchecks) return 'ready';
  const validated = facts.status === 'success';
  if (facts.approved) return validated ? 'ready' : 'approved';
  return validated ? 'validated' : 'opened';
}

/** Tells whether a pull request can still land: neither merged nor closed. */
export function isOpen(state: PullRequestState): boolean {
  return state !== 'merged' && state !== 'closed';
}
