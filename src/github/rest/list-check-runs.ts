import { listAll, onceEach, splitRepository } from '../answer.ts';
import type { Calls } from '../calls.ts';
import type { StatusReport } from '../facts.ts';
import { checkRunShape } from '../shapes.ts';

/** The check runs of a commit, older first. One that has no time yet was queued just now. */
export async function listCheckRuns(
  calls: Calls,
  repo: string,
  sha: string,
): Promise<readonly StatusReport[]> {
  const runs = await listAll(calls, {
    operation: 'statuses',
    route: 'GET /repos/{owner}/{repo}/commits/{ref}/check-runs',
    parameters: { ...splitRepository(repo), ref: sha, filter: 'latest' },
    item: checkRunShape,
    within: 'check_runs',
  });
  const now = calls.clock.now();
  return onceEach(runs)
    .sort((a, b) => a.id - b.id)
    .map(({ at, report }) => ({ ...report, at: at ?? now }));
}
