import { userOf } from '../state/state.ts';
import type {
  App,
  CheckRun,
  CheckSuite,
  Deployment,
  DeploymentStatus,
  Repository,
  Status,
} from '../state/types.ts';
import { minimalRepositoryJson, repositoryApi, repositoryHtml } from './repository.ts';
import { nodeId, userById, userJson, type Json, type View } from './user.ts';

/** A commit status. */
export function statusJson(view: View, repository: Repository, status: Status): Json {
  return {
    ...simpleStatusJson(view, repository, status),
    creator: userById(view, status.creatorId),
  };
}

function simpleStatusJson(view: View, repository: Repository, status: Status): Json {
  return {
    url: `${repositoryApi(view, repository)}/statuses/${status.sha}`,
    avatar_url: `${view.sim.url}/avatars/u/${status.creatorId}`,
    id: status.id,
    node_id: nodeId('SC', status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: status.createdAt,
    updated_at: status.createdAt,
  };
}

/** Newest status of each context, in the order the contexts first spoke. */
export function latestStatuses(repository: Repository, sha: string): Status[] {
  const latest = new Map<string, Status>();
  for (const one of repository.statuses.get(sha) ?? []) latest.set(one.context, one);
  return [...latest.values()];
}

/** GitHub's sum of statuses: failure before pending before success; nothing is pending. */
export function combinedState(statuses: readonly Status[]): 'failure' | 'pending' | 'success' {
  if (statuses.some((one) => one.state === 'failure' || one.state === 'error')) return 'failure';
  if (statuses.length === 0 || statuses.some((one) => one.state === 'pending')) return 'pending';
  return 'success';
}

/** `GET …/commits/{ref}/status`, for one page of statuses. */
export function combinedJson(
  view: View,
  repository: Repository,
  what: { sha: string; page: readonly Status[] },
): Json {
  const all = latestStatuses(repository, what.sha);
  const api = repositoryApi(view, repository);
  return {
    state: combinedState(all),
    statuses: what.page.map((one) => simpleStatusJson(view, repository, one)),
    sha: what.sha,
    total_count: all.length,
    repository: minimalRepositoryJson(view, repository),
    commit_url: `${api}/commits/${what.sha}`,
    url: `${api}/commits/${what.sha}/status`,
  };
}

/** A GitHub App as check runs and `GET /app` show it. */
export function appJson(view: View, app: App): Json {
  return {
    id: app.id,
    client_id: app.clientId,
    slug: app.slug,
    node_id: nodeId('A', app.id),
    owner: userJson(view, userOf(view.state, app.ownerId)),
    name: app.name,
    description: null,
    external_url: `${view.sim.url}/apps/${app.slug}`,
    html_url: `${view.sim.url}/apps/${app.slug}`,
    created_at: app.createdAt,
    updated_at: app.createdAt,
    permissions: app.permissions,
    events: app.events,
  };
}

/** A check run. */
export function checkRunJson(view: View, repository: Repository, run: CheckRun): Json {
  const app = view.state.apps.get(run.appId);
  const url = `${repositoryApi(view, repository)}/check-runs/${run.id}`;
  return {
    id: run.id,
    node_id: nodeId('CR', run.id),
    head_sha: run.sha,
    external_id: run.externalId,
    url,
    html_url: `${repositoryHtml(view, repository)}/runs/${run.id}`,
    details_url: run.detailsUrl ?? `${view.sim.url}/apps/${app?.slug ?? ''}`,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: {
      title: run.title,
      summary: run.summary,
      text: run.text,
      annotations_count: 0,
      annotations_url: `${url}/annotations`,
    },
    name: run.name,
    check_suite: { id: run.suiteId },
    app: app ? appJson(view, app) : null,
    pull_requests: pullsWithHead(view, repository, run.sha),
  };
}

/** A check suite. */
export function checkSuiteJson(view: View, repository: Repository, suite: CheckSuite): Json {
  const app = view.state.apps.get(suite.appId);
  const runs = [...repository.checkRuns.values()].filter((one) => one.suiteId === suite.id);
  const url = `${repositoryApi(view, repository)}/check-suites/${suite.id}`;
  return {
    id: suite.id,
    node_id: nodeId('CS', suite.id),
    head_branch: suite.branch,
    head_sha: suite.sha,
    head_commit: suite.commit,
    ...suiteVerdict(runs),
    url,
    before: null,
    after: suite.sha,
    pull_requests: pullsWithHead(view, repository, suite.sha),
    app: app ? appJson(view, app) : null,
    created_at: suite.createdAt,
    updated_at: suite.updatedAt,
    latest_check_runs_count: runs.length,
    check_runs_url: `${url}/check-runs`,
  };
}

/** The sum of the runs of a suite. */
export function suiteVerdict(runs: readonly CheckRun[]): {
  status: string;
  conclusion: string | null;
} {
  if (runs.length === 0) return { status: 'queued', conclusion: null };
  if (runs.some((one) => one.status !== 'completed'))
    return { status: 'in_progress', conclusion: null };
  const order = ['action_required', 'timed_out', 'cancelled', 'failure', 'neutral', 'skipped'];
  const worst = order.find((word) => runs.some((one) => one.conclusion === word));
  const good = runs.some((one) => one.conclusion === 'success');
  const harmless = worst === 'neutral' || worst === 'skipped';
  return { status: 'completed', conclusion: good && harmless ? 'success' : (worst ?? 'success') };
}

function pullsWithHead(view: View, repository: Repository, sha: string): Json[] {
  const found: Json[] = [];
  for (const number of repository.openPulls) {
    const pull = repository.issues.get(number)?.pull;
    if (pull?.headSha !== sha || pull.headRepositoryId !== repository.id) continue;
    const repo = { id: repository.id, url: repositoryApi(view, repository), name: repository.name };
    found.push({
      url: `${repo.url}/pulls/${number}`,
      id: pull.id,
      number,
      head: { ref: pull.headRef, sha: pull.headSha, repo },
      base: { ref: pull.baseRef, sha: pull.baseSha, repo },
    });
  }
  return found;
}

/** A deployment. */
export function deploymentJson(view: View, repository: Repository, one: Deployment): Json {
  const url = `${repositoryApi(view, repository)}/deployments/${one.id}`;
  return {
    url,
    id: one.id,
    node_id: nodeId('DE', one.id),
    task: one.task,
    original_environment: one.environment,
    environment: one.environment,
    description: one.description,
    created_at: one.createdAt,
    updated_at: one.updatedAt,
    statuses_url: `${url}/statuses`,
    repository_url: repositoryApi(view, repository),
    creator: userById(view, one.creatorId),
    sha: one.sha,
    ref: one.ref,
    payload: one.payload,
    transient_environment: false,
    production_environment: one.environment === 'production',
    performed_via_github_app: null,
  };
}

/** A deployment's status. */
export function deploymentStatusJson(
  view: View,
  repository: Repository,
  what: { deployment: Deployment; status: DeploymentStatus },
): Json {
  const { deployment, status } = what;
  const url = `${repositoryApi(view, repository)}/deployments/${deployment.id}`;
  return {
    url: `${url}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId('DES', status.id),
    state: status.state,
    creator: userById(view, status.creatorId),
    description: status.description,
    environment: status.environment,
    target_url: status.targetUrl,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    deployment_url: url,
    repository_url: repositoryApi(view, repository),
    environment_url: status.environmentUrl,
    log_url: status.logUrl,
    performed_via_github_app: null,
  };
}
