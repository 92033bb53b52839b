/** What became of a pull request of a chain. */
export type LinkState = 'open' | 'merged' | 'closed';

/** A branch without a port that nothing is going to bring, and what stands around it in the chain. */
export interface OwedFacts {
  /** The newest pull request of the chain before the branch. */
  readonly before: LinkState;
  /** Whether the branch of `before` still takes changes. */
  readonly beforeIsActive: boolean;
  /** The oldest one behind the branch; null when the chain has not come so far. */
  readonly later: LinkState | null;
  /** The branch has the change already: it was made from one that did. Asked only about merged ones. */
  readonly contained: boolean;
}

/** How the debt is settled. */
export type Settlement =
  | { readonly kind: 'port' }
  | { readonly kind: 'reason'; readonly reason: 'contained' | 'chain-closed' | 'chain-stopped' }
  | { readonly kind: 'wait' };

/**
 * Settles a debt (R28, forward-port spec 16 and 17). A branch cut from one that has the change needs no port; a chain that a
 * person closed is not started again behind his back; one that still runs behind the branch gets the missing link.
 */
export function settleOwed({ before, beforeIsActive, later, contained }: OwedFacts): Settlement {
  if (before === 'closed') return { kind: 'reason', reason: 'chain-closed' };
  if (later === 'open') return { kind: 'port' };
  if (later === 'closed') return { kind: 'reason', reason: 'chain-closed' };
  if (later === 'merged' || before === 'merged') {
    return contained ? { kind: 'reason', reason: 'contained' } : { kind: 'port' };
  }
  return beforeIsActive ? { kind: 'wait' } : { kind: 'port' };
}

/** The words stored as reason. */
export const OWED_REASONS = {
  contained: 'the branch has it already: it was made from one that did',
  'chain-closed': 'a port of the chain was closed',
  'chain-stopped': 'a branch before it has no port',
} as const;
