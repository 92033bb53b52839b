import { notFound, Refused } from '../errors.ts';
import {
  caller,
  created,
  DONE,
  needText,
  numberParam,
  ok,
  paged,
  repositoryOf,
  text,
  type Call,
  type Reply,
} from '../http/call.ts';
import { route } from '../http/router.ts';
import { deploymentJson, deploymentStatusJson } from '../json/checks.ts';
import { nextId, stamp } from '../state/state.ts';
import type { Deployment, DeploymentStatus, Repository } from '../state/types.ts';
import { emit } from '../webhooks/emit.ts';
import { resolve } from './commitish.ts';

function deploymentOf(call: Call): { repository: Repository; deployment: Deployment } {
  const repository = repositoryOf(call);
  const deployment = repository.deployments.get(numberParam(call, 'deployment_id'));
  if (!deployment) throw notFound();
  return { repository, deployment };
}

function list(call: Call): Reply {
  const repository = repositoryOf(call);
  const fits = (one: Deployment): boolean =>
    (['sha', 'ref', 'task', 'environment'] as const).every((field) => {
      const wanted = call.query.get(field);
      return wanted === null || one[field] === wanted;
    });
  const found = [...repository.deployments.values()].filter(fits).reverse();
  return paged(
    call,
    found.map((one) => deploymentJson(call, repository, one)),
  );
}

async function create(call: Call): Promise<Reply> {
  const repository = repositoryOf(call, 'write');
  const ref = needText(call, 'ref', 'Deployment');
  const commit = await resolve(call, repository, ref);
  if (!commit) throw new Refused(422, `No ref found for: ${ref}`);
  const now = stamp();
  const deployment: Deployment = {
    id: nextId(call.state),
    sha: commit.sha,
    ref,
    task: text(call, 'task') ?? 'deploy',
    environment: text(call, 'environment') ?? 'production',
    description: text(call, 'description') ?? null,
    payload: call.body['payload'] ?? {},
    creatorId: caller(call).id,
    createdAt: now,
    updatedAt: now,
    statuses: [],
  };
  repository.deployments.set(deployment.id, deployment);
  const json = deploymentJson(call, repository, deployment);
  emit(call.sim, {
    event: 'deployment',
    action: 'created',
    repository,
    sender: caller(call),
    payload: { deployment: json, workflow: null, workflow_run: null },
  });
  return created(json);
}

function createStatus(call: Call): Reply {
  const { repository, deployment } = deploymentOf(call);
  repositoryOf(call, 'write');
  const status: DeploymentStatus = {
    id: nextId(call.state),
    state: needText(call, 'state', 'DeploymentStatus'),
    creatorId: caller(call).id,
    description: text(call, 'description') ?? '',
    environment: text(call, 'environment') ?? deployment.environment,
    targetUrl: text(call, 'target_url') ?? text(call, 'log_url') ?? '',
    logUrl: text(call, 'log_url') ?? text(call, 'target_url') ?? '',
    environmentUrl: text(call, 'environment_url') ?? '',
    createdAt: stamp(),
  };
  deployment.statuses.push(status);
  deployment.updatedAt = status.createdAt;
  const json = deploymentStatusJson(call, repository, { deployment, status });
  const payload = {
    deployment_status: json,
    deployment: deploymentJson(call, repository, deployment),
    check_run: null,
    workflow: null,
    workflow_run: null,
  };
  emit(call.sim, {
    event: 'deployment_status',
    action: 'created',
    repository,
    sender: caller(call),
    payload,
  });
  return created(json);
}

const AT = '/repos/{owner}/{repo}/deployments';

export const deploymentRoutes = [
  route('GET', AT, 'repos/list-deployments', list),
  route('POST', AT, 'repos/create-deployment', create),
  route('GET', `${AT}/{deployment_id}`, 'repos/get-deployment', (call) => {
    const { repository, deployment } = deploymentOf(call);
    return ok(deploymentJson(call, repository, deployment));
  }),
  route('DELETE', `${AT}/{deployment_id}`, 'repos/delete-deployment', (call) => {
    repositoryOf(call, 'write');
    const { repository, deployment } = deploymentOf(call);
    repository.deployments.delete(deployment.id);
    return DONE;
  }),
  route('GET', `${AT}/{deployment_id}/statuses`, 'repos/list-deployment-statuses', (call) => {
    const { repository, deployment } = deploymentOf(call);
    return paged(
      call,
      [...deployment.statuses]
        .reverse()
        .map((status) => deploymentStatusJson(call, repository, { deployment, status })),
    );
  }),
  route('POST', `${AT}/{deployment_id}/statuses`, 'repos/create-deployment-status', createStatus),
];
