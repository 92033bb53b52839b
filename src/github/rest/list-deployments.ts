import { z } from 'zod';
import { listAll, onceEach, splitRepository } from '../answer.ts';
import type { Calls } from '../calls.ts';
import { id } from '../read.ts';

/** Deployments of one commit to one environment, newest first. */
export async function listDeployments(
  calls: Calls,
  repo: string,
  filter: { readonly sha: string; readonly environment: string },
): Promise<readonly { readonly id: number }[]> {
  const { sha, environment } = filter;
  const all = await listAll(calls, {
    operation: 'findDeployments',
    route: 'GET /repos/{owner}/{repo}/deployments',
    parameters: { ...splitRepository(repo), sha, environment },
    item: z.object({ id }),
  });
  return onceEach(all);
}
