import type { Calls } from './calls.ts';
import { GitHubError } from './errors.ts';
import type { CreatedPullRequest, PullRequestSummary } from './facts.ts';
import type { NewPullRequest } from './gateway.ts';
import { createPull } from './rest/create-pull.ts';
import { listPulls } from './rest/list-pulls.ts';

/**
 * Opens a pull request and never a second one (reliability.md, P3). After a refusal an open one from this head to
 * this base means that it was there already, GitHub's sentence about it is not looked at. After a lost answer one in
 * any state does: somebody may have closed it meanwhile.
 *
 * @throws GitHubError when it was not created, or when it does not show up after a lost answer: since reads lag,
 *   the caller looks again before the next try.
 */
export async function openPullRequest(
  calls: Calls,
  wanted: NewPullRequest,
): Promise<CreatedPullRequest> {
  try {
    const answer = await createPull(calls, wanted);
    if (answer.kind === 'created') return { ...answer.pullRequest, kind: 'created' };
    const existing = await find(calls, wanted, 'open');
    return existing === undefined ? answer : { ...existing, kind: 'exists' };
  } catch (error) {
    if (!(error instanceof GitHubError) || error.effect === 'none') throw error;
    // Should the look fail too, the first error stands: it tells that the effect is unknown.
    const existing = await find(calls, wanted, 'all').catch(() => undefined);
    if (existing === undefined) throw error;
    return { ...existing, kind: 'exists' };
  }
}

/** An open one before a closed one; of several the newest. */
async function find(
  calls: Calls,
  wanted: NewPullRequest,
  state: 'open' | 'all',
): Promise<PullRequestSummary | undefined> {
  const { repo, head, base, headRepository } = wanted;
  const found = (await listPulls(calls, repo, { head, base, state }))
    .filter((pull) => headRepository === undefined || pull.head.repository === headRepository)
    .sort((a, b) => b.number - a.number);
  return found.find((pull) => pull.state === 'open') ?? found[0];
}
