import { listAll, splitRepository } from '../answer.ts';
import type { Calls } from '../calls.ts';
import type { StatusReport } from '../facts.ts';
import { statusShape } from '../shapes.ts';

/** The newest commit status of each context. */
export function getCombinedStatus(
  calls: Calls,
  repo: string,
  sha: string,
): Promise<readonly StatusReport[]> {
  return listAll(calls, {
    operation: 'statuses',
    route: 'GET /repos/{owner}/{repo}/commits/{ref}/status',
    parameters: { ...splitRepository(repo), ref: sha },
    item: statusShape,
    within: 'statuses',
  });
}
