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
  /** The head GitHub showed when the comment was written, when known (B-048, R8). */
  readonly headAtComment: string | null;
  readonly knowsEmail: boolean;
}

/** What approving comes to. `approve` names every pull request that becomes approved. */
export type ApprovalOutcome =
  | { readonly kind: 'approve'; readonly pulls: readonly ApprovedPullRequest[] }
  | {
      readonly kind: 'refused';
      readonly reason: 'closed' | 'merged' | 'draft' | 'no-email' | 'head-changed';
    }
  | {
      readonly kind: 'wrong-numbers';
      readonly wrong: readonly number[];
      readonly allowed: readonly number[];
    }
  | { readonly kind: 'already'; readonly error: boolean };

/**
 * Judges an approval (spec 3.5; forward-port spec 14; R8, R27). A port takes its attached, open, not
 * yet approved ancestors with it, the root included; ancestors that are drafts, in error or done are
 * passed over in silence. Approving what is approved already is told, and says so if it is in error.
 */
export function judgeApproval(facts: ApprovalFacts): ApprovalOutcome {
  const { self, ancestors, numbers } = facts;
  if (self.merged) return { kind: 'refused', reason: 'merged' };
  if (self.closed) return { kind: 'refused', reason: 'closed' };
  if (self.draft) return { kind: 'refused', reason: 'draft' };
  if (!facts.knowsEmail) return { kind: 'refused', reason: 'no-email' };
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
  return !ancestor.closed && !ancestor.merged && !ancestor.draft && !ancestor.error;
}

function headChanged({ self, head, headAtComment }: ApprovalFacts): boolean {
  if (head !== null && !self.head.startsWith(head)) return true;
  return headAtComment !== null && headAtComment !== self.head;
}

/** Tells whether `r-` makes sense: something must be there to take back (spec 3.5). */
export function mayReject(facts: {
  readonly approved: boolean;
  readonly skipchecks: boolean;
}): boolean {
  return facts.approved || facts.skipchecks;
}
