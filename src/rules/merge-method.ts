/** How a pull request's commits get on the target, in the order people are shown them. */
export const MERGE_METHODS = ['rebase-merge', 'rebase-ff', 'merge', 'squash'] as const;
/** See spec 5.10 for the commit graphs. */
export type MergeMethod = (typeof MERGE_METHODS)[number];

/** Most commits a rebase recreates. */
const REBASE_COMMIT_LIMIT = 50;
/** Most commits GitHub lists for a pull request; beyond it the bot cannot know what it lands. */
const COMMIT_LIMIT = 250;

/** What is to be done with the pull request's commits. */
export type MethodChoice =
  | { readonly kind: 'method'; readonly method: MergeMethod }
  | { readonly kind: 'ask' }
  | {
      readonly kind: 'refused';
      readonly reason: 'no-commits' | 'too-many-commits' | 'too-many-to-rebase';
      readonly commits: number;
      readonly limit: number;
    };

/**
 * Chooses the merge method: the configured one; else a single commit is fast-forwarded after a
 * rebase; several commits have no default and somebody is asked once (spec 5.5, 5.10).
 */
export function chooseMethod(facts: {
  readonly configured: MergeMethod | null;
  readonly commits: number;
}): MethodChoice {
  const { configured, commits } = facts;
  if (commits === 0) return { kind: 'refused', reason: 'no-commits', commits, limit: COMMIT_LIMIT };
  if (commits > COMMIT_LIMIT)
    return { kind: 'refused', reason: 'too-many-commits', commits, limit: COMMIT_LIMIT };
  const method = configured ?? (commits === 1 ? 'rebase-ff' : null);
  if (method === null) return { kind: 'ask' };
  if (rebases(method) && commits > REBASE_COMMIT_LIMIT) {
    return { kind: 'refused', reason: 'too-many-to-rebase', commits, limit: REBASE_COMMIT_LIMIT };
  }
  return { kind: 'method', method };
}

/** Tells whether a method recreates every commit. */
function rebases(method: MergeMethod): boolean {
  return method === 'rebase-ff' || method === 'rebase-merge';
}

/** Tells whether title and body of the pull request become a commit message (spec 2.6.2, R8). */
export function usesPullRequestText(method: MergeMethod | null): boolean {
  return method === 'merge' || method === 'rebase-merge' || method === 'squash';
}
