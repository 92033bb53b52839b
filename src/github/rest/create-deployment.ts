import { z } from 'zod';
import { readAs, splitRepository } from '../answer.ts';
import type { Calls } from '../calls.ts';
import type { NewDeployment } from '../gateway.ts';
import { id } from '../read.ts';

const call = {
  operation: 'createDeployment',
  kind: 'once',
  route: 'POST /repos/{owner}/{repo}/deployments',
} as const;

/** Records a deployment: GitHub is told not to merge anything for it and not to wait for any status. */
export async function createDeployment(
  calls: Calls,
  repo: string,
  deployment: NewDeployment,
): Promise<{ readonly id: number }> {
  const asRecord = { auto_merge: false, required_contexts: [] };
  const parameters = { ...splitRepository(repo), ...deployment, ...asRecord };
  const { data } = await calls.rest({ ...call, parameters });
  return readAs(z.object({ id }), data, call);
}
