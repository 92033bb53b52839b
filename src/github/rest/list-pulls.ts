import { listAll, onceEach, splitRepository } from '../answer.ts';
import type { Calls } from '../calls.ts';
import type { PullRequestSummary } from '../facts.ts';
import type { PullRequestFilter } from '../gateway.ts';
import { pullRequestShape } from '../shapes.ts';

/** Pull requests, newest change first: what changes while we read comes again, but is never skipped. */
export async function listPulls(
  calls: Calls,
  repo: string,
  { updatedSince, ...filter }: PullRequestFilter,
): Promise<readonly PullRequestSummary[]> {
  const isOld = (pull: PullRequestSummary): boolean =>
    updatedSince !== undefined && pull.updatedAt < updatedSince;
  const all = await listAll(calls, {
    operation: 'findPullRequests',
    route: 'GET /repos/{owner}/{repo}/pulls',
    parameters: { ...splitRepository(repo), ...filter, sort: 'updated', direction: 'desc' },
    item: pullRequestShape,
    isEnough: (page) => page.some(isOld),
  });
  return onceEach(all).filter((pull) => !isOld(pull));
}
