import { splitRepository } from '../answer.ts';
import type { Calls } from '../calls.ts';
import type { DeploymentStatus } from '../gateway.ts';

/** Says how a deployment went. Told twice it shows the same, but is listed twice: so it is sent once. */
export async function createDeploymentStatus(
  calls: Calls,
  deployment: { readonly repo: string; readonly id: number },
  status: DeploymentStatus,
): Promise<void> {
  const { state, url, description } = status;
  await calls.rest({
    operation: 'createDeploymentStatus',
    kind: 'once',
    route: 'POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses',
    parameters: {
      ...splitRepository(deployment.repo),
      deployment_id: deployment.id,
      state,
      log_url: url,
      environment_url: url,
      description,
      auto_inactive: false,
    },
  });
}
