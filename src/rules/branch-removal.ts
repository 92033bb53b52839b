/** A head branch that may no longer be needed. */
export interface RemovalFacts {
  readonly state: 'open' | 'merged' | 'closed';
  /** When it was merged, or last changed once closed. */
  readonly endedAt: Date;
  readonly now: Date;
  readonly afterMs: number;
  /** Owner in the head label, and owner of the remote ports are pushed to. */
  readonly owner: string;
  readonly remoteOwner: string | null;
  readonly head: string;
  /** Where the branch stands; null when it is gone. */
  readonly branchHead: string | null;
}

/** Whether a head branch is deleted, now or ever. */
export type Removal =
  | { readonly kind: 'remove'; readonly expected: string }
  | { readonly kind: 'wait'; readonly until: Date }
  | { readonly kind: 'keep'; readonly reason: 'open' | 'not-ours' | 'moved' | 'gone' };

/**
 * Decides on a head branch (forward-port spec 18): only the bot's own, only as the pull request left
 * it, only some time after the end. Contributors' forks are never touched.
 */
export function judgeRemoval(facts: RemovalFacts): Removal {
  if (facts.state === 'open') return { kind: 'keep', reason: 'open' };
  const ours =
    facts.remoteOwner !== null && facts.remoteOwner.toLowerCase() === facts.owner.toLowerCase();
  if (!ours) return { kind: 'keep', reason: 'not-ours' };
  const until = new Date(facts.endedAt.getTime() + facts.afterMs);
  if (until > facts.now) return { kind: 'wait', until };
  if (facts.branchHead === null) return { kind: 'keep', reason: 'gone' };
  return facts.branchHead === facts.head
    ? { kind: 'remove', expected: facts.head }
    : { kind: 'keep', reason: 'moved' };
}
