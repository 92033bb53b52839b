/** What GitHub says of a pull request, from a payload or from its API: the same shape for both. */
export interface PullFacts {
  readonly repositoryId: number;
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly closed: boolean;
  readonly draft: boolean;
  readonly head: string;
  /** When the head came, at the latest; left out: it is the first one, or nobody knows. */
  readonly headSince?: Date;
  /** `owner:branch`; of a deleted fork whatever is left of it. */
  readonly headLabel: string;
  readonly base: string;
  readonly author: { readonly id: string; readonly login: string } | null;
  /** 0: GitHub does not know yet. */
  readonly commitCount: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Who caused it, for the words of a cancelled staging. */
  readonly actor?: string;
  /** Somebody has just reopened it: its state alone does not tell that from a closing not yet heard of. */
  readonly reopened?: true;
}

/** What became of facts. */
export type Recorded =
  | { readonly kind: 'created' | 'changed' | 'unchanged'; readonly id: number }
  /** Older than what is known: nothing was done. */
  | { readonly kind: 'stale'; readonly id: number }
  /** The base is no branch of ours: a new pull request is not recorded. */
  | { readonly kind: 'unmanaged' }
  /** Its landing is under way: ask again when that is over (reliability F-082). */
  | { readonly kind: 'landing'; readonly id: number };
