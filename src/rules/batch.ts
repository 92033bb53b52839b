import { isOpen } from './pull-request.ts';
import type { PullRequestState } from './pull-request.ts';
import type { StatusState } from './status.ts';

/** One pull request as its batch sees it. */
export interface BatchedPullRequest {
  /** `owner/repo#n`. */
  readonly name: string;
  readonly number: number;
  readonly target: string;
  readonly state: PullRequestState;
  readonly closed: boolean;
  readonly error: boolean;
  readonly draft: boolean;
  readonly approved: boolean;
  readonly status: StatusState;
}

/** A batch as far as being blocked follows from it. */
export interface BatchFacts {
  readonly merged: boolean;
  readonly skipchecks: boolean;
  readonly pulls: readonly BatchedPullRequest[];
}

/**
 * Gives the reason why a batch cannot be staged, or null; the first that applies, in the order of
 * spec 4.3. A missing merge method is deliberately no reason: it is asked for at staging.
 */
export function batchBlocked(facts: BatchFacts): string | null {
  if (facts.merged) return 'Merged.';
  const open = facts.pulls.filter((pull) => !pull.closed);
  if (open.length === 0) return 'All pull requests are closed.';
  const targets = [...new Set(open.map((pull) => pull.target))];
  if (targets.length > 1)
    return `Multiple target branches: ${targets.map((one) => `'${one}'`).join(', ')}.`;
  const stuck = open.filter((pull) => pull.error || pull.draft);
  if (stuck.length > 0)
    return `${stuck.length === 1 ? 'Pull request' : 'Pull requests'} ${stuck.map(stuckName).join(', ')} blocked.`;
  return facts.skipchecks ? null : waitingFor(open);
}

function waitingFor(open: readonly BatchedPullRequest[]): string | null {
  const review = open.filter((pull) => !pull.approved);
  const running = open.filter((pull) => pull.status === 'pending');
  const failed = open.filter((pull) => pull.status === 'failure');
  const parts = [
    review.length > 0 ? `${namesAre(review)} waiting for review` : null,
    running.length > 0 ? `${namesAre(running)} waiting for CI` : null,
    failed.length > 0 ? `${names(failed)} ${failed.length === 1 ? 'has' : 'have'} failed CI` : null,
  ].filter((part) => part !== null);
  return parts.length > 0 ? `${parts.join(', ')}.` : null;
}

/** Who blocks, and what has to change there. */
function stuckName({ name, error }: BatchedPullRequest): string {
  return `${name} (${error ? 'in error' : 'draft'})`;
}

function names(pulls: readonly BatchedPullRequest[]): string {
  return pulls.map((pull) => pull.name).join(', ');
}

function namesAre(pulls: readonly BatchedPullRequest[]): string {
  return `${names(pulls)} ${pulls.length === 1 ? 'is' : 'are'}`;
}

/**
 * Gives the phrase shown on one pull request of a batch (spec 2.3), or null. It looks at drafts and
 * readiness only, the highest number first, so that people see one thing to do; what decides
 * staging is {@link batchBlocked}.
 */
export function pullRequestBlocked(self: BatchedPullRequest, batch: BatchFacts): string | null {
  if (!isOpen(self.state)) return null;
  const bypass = batch.skipchecks && batch.pulls.every((pull) => pull.closed || !pull.error);
  const open = batch.pulls
    .filter((pull) => !pull.closed)
    .sort((one, other) => other.number - one.number);
  for (const pull of open) {
    const phrase = blockingPhrase(pull, bypass);
    if (phrase === null) continue;
    return pull.name === self.name ? phrase : `linked PR ${pull.name} ${phrase}`;
  }
  return null;
}

function blockingPhrase(pull: BatchedPullRequest, bypass: boolean): string | null {
  if (pull.draft) return 'is in draft';
  return pull.state === 'ready' || bypass ? null : 'is not ready';
}
