/** A pull request as far as approving it matters. */
export interface ApprovedPullRequest {
  readonly name: string;
  readonly number: number;
  readonly closed: boolean;
  readonly merged: boolean;
  readonly draft: boolean;
  readonly error: boolean;
  readonly approved: boolean;
  readonly head: string;
  /** The head came after the words that approve it: they were about another one (R8, B-048). */
  readonly newerThanWords: boolean;
  /** Its target is a branch the bot manages. */
  readonly managed: boolean;
}

/** What `r+` is judged by. */
export interface ApprovalFacts {
  readonly self: ApprovedPullRequest;
  /** The attached ancestors of a port, nearest first, the root last; empty on any other. */
  readonly ancestors: readonly ApprovedPullRequest[];
  /** Of `r=1,2`; empty for `r+`. */
  readonly numbers: readonly number[];
  /** Of `r+ <sha>`, or null. */
  readonly head: string | null;
  /** The head a review was written for; null for a comment, which does not say. */
  readonly headAtReview: string | null;
  /** An e-mail address for the sign-off is on file, or none is asked for. */
  readonly hasEmail: boolean;
}

/** What approving comes to. `approve` names every pull request that becomes approved. */
export type ApprovalOutcome =
  | { readonly kind: 'approve'; readonly pulls: readonly ApprovedPullRequest[] }
  | {
      readonly kind: 'refused';
      readonly reason: 'closed' | 'merged' | 'unmanaged' | 'draft' | 'no-email' | 'head-changed';
    }
  | {
      readonly kind: 'wrong-numbers';
      readonly wrong: readonly number[];
      readonly allowed: readonly number[];
    }
  | { readonly kind: 'already'; readonly error: boolean };

/**
 * Judges an approval (spec 3.5; forward-port spec 14; R8, R27). A port takes its attached, open, not
 * yet approved ancestors with it, the root included; ancestors that are drafts, in error, done, or
 * changed since the words were written are passed over in silence. Approving what is approved already
 * is told, and says so if it is in error.
 */
export function judgeApproval(facts: ApprovalFacts): ApprovalOutcome {
  const { self, ancestors, numbers } = facts;
  if (self.merged) return { kind: 'refused', reason: 'merged' };
  if (self.closed) return { kind: 'refused', reason: 'closed' };
  if (!self.managed) return { kind: 'refused', reason: 'unmanaged' };
  if (self.draft) return { kind: 'refused', reason: 'draft' };
  if (!facts.hasEmail) return { kind: 'refused', reason: 'no-email' };
  if (headChanged(facts)) return { kind: 'refused', reason: 'head-changed' };
  const family = [self, ...ancestors];
  const allowed = family.map((pull) => pull.number);
  const wrong = numbers.filter((number) => !allowed.includes(number));
  if (wrong.length > 0) return { kind: 'wrong-numbers', wrong, allowed };
  const wanted = family.filter((pull) => numbers.length === 0 || numbers.includes(pull.number));
  const pulls = wanted
    .filter((pull) => pull === self || canFollow(pull))
    .filter((pull) => !pull.approved);
  return pulls.length > 0 ? { kind: 'approve', pulls } : { kind: 'already', error: self.error };
}

function canFollow(ancestor: ApprovedPullRequest): boolean {
  const { closed, merged, draft, error, newerThanWords } = ancestor;
  return !closed && !merged && !draft && !error && !newerThanWords;
}

/** A review knows its head, and who names one is taken at his word; otherwise the times decide. */
function headChanged({ self, head, headAtReview }: ApprovalFacts): boolean {
  if (head !== null && !self.head.startsWith(head)) return true;
  if (headAtReview !== null) return headAtReview !== self.head;
  return head === null && self.newerThanWords;
}

/** Tells whether `r-` makes sense: something must be there to take back (spec 3.5). */
export function mayReject(facts: {
  readonly approved: boolean;
  readonly skipchecks: boolean;
}): boolean {
  return facts.approved || facts.skipchecks;
}
