/** A commit as staging looks at it. */
export interface CommitFacts {
  readonly subject: string;
  readonly authorEmail: string;
  readonly committerEmail: string;
  /** A file of it holds the bot's conflict markers. */
  readonly hasConflictMarkers: boolean;
}

/** Why a commit must not land. */
export type CommitRefusal = 'missing-email' | 'unfinished-subject' | 'conflict-markers';

/**
 * Tells why a commit is refused at staging (R23), or null. An unresolved conflict of several authors
 * has no e-mail on purpose, and `fixup!`, `squash!` and `amend!` ask for a rebase that did not happen.
 */
export function refuseCommit(commit: CommitFacts): CommitRefusal | null {
  if (commit.authorEmail.trim() === '' || commit.committerEmail.trim() === '')
    return 'missing-email';
  if (/^(?:fixup|squash|amend)!(?:\s|$)/.test(commit.subject)) return 'unfinished-subject';
  return commit.hasConflictMarkers ? 'conflict-markers' : null;
}
