import {
  addCheckRun,
  addStatus,
  checkApp,
  runFinished,
  suiteFor,
  tellCheckRun,
  tellCheckSuite,
} from '../acts/checks.ts';
import { invalid, notFound, Refused } from '../errors.ts';
import {
  caller,
  created,
  isRecord,
  needText,
  numberParam,
  ok,
  pageOf,
  paged,
  param,
  repositoryOf,
  text,
  type Call,
  type Reply,
} from '../http/call.ts';
import { route } from '../http/router.ts';
import {
  checkRunJson,
  checkSuiteJson,
  combinedJson,
  latestStatuses,
  statusJson,
} from '../json/checks.ts';
import { minimalRepositoryJson } from '../json/repository.ts';
import { stamp } from '../state/state.ts';
import type { CheckRun, Repository, Status, StatusState } from '../state/types.ts';
import { resolve } from './commitish.ts';

const STATES: readonly string[] = ['error', 'failure', 'pending', 'success'];

async function createStatus(call: Call): Promise<Reply> {
  const repository = repositoryOf(call, 'write');
  const state = needText(call, 'state', 'Status');
  if (!STATES.includes(state))
    throw invalid({
      resource: 'Status',
      field: 'state',
      code: 'custom',
      message: 'state is not included in the list',
    });
  const status = await addStatus(call.sim, repository, {
    sha: param(call, 'sha'),
    state: state as StatusState,
    context: text(call, 'context') ?? 'default',
    description: text(call, 'description') ?? null,
    targetUrl: text(call, 'target_url') ?? null,
    by: caller(call),
  });
  return created(statusJson(call, repository, status));
}

async function shaOf(call: Call, repository: Repository): Promise<string> {
  const commit = await resolve(call, repository, param(call, 'ref'));
  if (!commit) throw new Refused(422, `No commit found for SHA: ${param(call, 'ref')}`);
  return commit.sha;
}

async function listStatuses(call: Call): Promise<Reply> {
  const repository = repositoryOf(call);
  const list = [...(repository.statuses.get(await shaOf(call, repository)) ?? [])].reverse();
  return pageOf(call, {
    length: list.length,
    slice: (from, to) => list.slice(from, to).map((one) => statusJson(call, repository, one)),
  });
}

async function combined(call: Call): Promise<Reply> {
  const repository = repositoryOf(call);
  const sha = await shaOf(call, repository);
  return paged(call, latestStatuses(repository, sha), (page) =>
    combinedJson(call, repository, { sha, page: page as Status[] }),
  );
}

function outputOf(call: Call): Pick<CheckRun, 'title' | 'summary' | 'text'> | undefined {
  const output = call.body['output'];
  if (!isRecord(output)) return undefined;
  const part = (name: string) => (typeof output[name] === 'string' ? output[name] : null);
  return { title: part('title'), summary: part('summary'), text: part('text') };
}

function statusOf(call: Call): { status: CheckRun['status']; conclusion: string | null } {
  const conclusion = text(call, 'conclusion') ?? null;
  const status = conclusion !== null ? 'completed' : (text(call, 'status') ?? 'queued');
  if (status !== 'queued' && status !== 'in_progress' && status !== 'completed')
    throw invalid({ resource: 'CheckRun', field: 'status', code: 'invalid' });
  if (status === 'completed' && conclusion === null)
    throw invalid({ resource: 'CheckRun', field: 'conclusion', code: 'missing_field' });
  return { status, conclusion };
}

/** The App a check belongs to: that of the token, or the built-in one for tokens of people. */
function appIdOf(call: Call): number | null {
  const installation = call.state.installations.get(call.actor.token?.installationId ?? 0);
  return installation?.appId ?? null;
}

async function createRun(call: Call): Promise<Reply> {
  const repository = repositoryOf(call, 'write');
  const run = await addCheckRun(call.sim, repository, {
    sha: needText(call, 'head_sha', 'CheckRun'),
    by: caller(call),
    appId: appIdOf(call),
    name: needText(call, 'name', 'CheckRun'),
    ...statusOf(call),
    detailsUrl: text(call, 'details_url') ?? null,
    externalId: text(call, 'external_id'),
    output: outputOf(call),
    startedAt: text(call, 'started_at'),
    completedAt: text(call, 'completed_at'),
  });
  return created(checkRunJson(call, repository, run));
}

function runOf(call: Call, repository: Repository): CheckRun {
  const run = repository.checkRuns.get(numberParam(call, 'check_run_id'));
  if (!run) throw notFound();
  return run;
}

async function updateRun(call: Call): Promise<Reply> {
  const repository = repositoryOf(call, 'write');
  const run = runOf(call, repository);
  const was = run.status;
  if ('status' in call.body || 'conclusion' in call.body) Object.assign(run, statusOf(call));
  run.name = text(call, 'name') ?? run.name;
  run.detailsUrl = text(call, 'details_url') ?? run.detailsUrl;
  Object.assign(run, outputOf(call) ?? {});
  run.completedAt = run.status === 'completed' ? (text(call, 'completed_at') ?? stamp()) : null;
  if (run.status === 'completed')
    await runFinished(call.sim, repository, { run, by: caller(call) });
  else if (was === 'completed')
    tellCheckRun(call.sim, repository, { run, action: 'created', by: caller(call) });
  return ok(checkRunJson(call, repository, run));
}

/** Newest run of each name and App first, as GitHub filters by default. */
function chosenRuns(call: Call, runs: readonly CheckRun[]): CheckRun[] {
  const name = call.query.get('check_name');
  const status = call.query.get('status');
  const all = runs.filter(
    (one) => (name === null || one.name === name) && (status === null || one.status === status),
  );
  if (call.query.get('filter') === 'all') return all;
  const latest = new Map<string, CheckRun>();
  for (const one of all) latest.set(`${one.appId} ${one.name}`, one);
  return [...latest.values()];
}

function runsReply(call: Call, repository: Repository, runs: readonly CheckRun[]): Reply {
  const chosen = chosenRuns(call, runs);
  return paged(
    call,
    chosen.map((one) => checkRunJson(call, repository, one)),
    (page) => ({ total_count: chosen.length, check_runs: page }),
  );
}

async function runsOfCommit(call: Call): Promise<Reply> {
  const repository = repositoryOf(call);
  const ids = repository.checkRunsBySha.get(await shaOf(call, repository)) ?? [];
  return runsReply(
    call,
    repository,
    ids.flatMap((id) => repository.checkRuns.get(id) ?? []),
  );
}

async function suitesOfCommit(call: Call): Promise<Reply> {
  const repository = repositoryOf(call);
  const sha = await shaOf(call, repository);
  const found = [...repository.checkSuites.values()].filter((one) => one.sha === sha);
  return paged(
    call,
    found.map((one) => suiteJson(call, repository, one.id)),
    (page) => ({ total_count: found.length, check_suites: page }),
  );
}

function suiteJson(call: Call, repository: Repository, id: number) {
  const suite = repository.checkSuites.get(id);
  if (!suite) throw notFound();
  return {
    ...checkSuiteJson(call, repository, suite),
    repository: minimalRepositoryJson(call, repository),
  };
}

async function createSuite(call: Call): Promise<Reply> {
  const repository = repositoryOf(call, 'write');
  const sha = needText(call, 'head_sha', 'CheckSuite');
  const commit = await call.sim.store(repository.networkId).commit(sha);
  if (!commit) throw new Refused(422, `No commit found for SHA: ${sha}`);
  const suite = suiteFor(call.sim, repository, {
    commit,
    app: checkApp(call.sim, appIdOf(call)),
  });
  tellCheckSuite(call.sim, repository, { suite, action: 'requested', by: caller(call) });
  return created(checkSuiteJson(call, repository, suite));
}

function rerequestRun(call: Call): Reply {
  const repository = repositoryOf(call, 'write');
  const run = runOf(call, repository);
  tellCheckRun(call.sim, repository, { run, action: 'rerequested', by: caller(call) });
  return created({});
}

function rerequestSuite(call: Call): Reply {
  const repository = repositoryOf(call, 'write');
  const suite = repository.checkSuites.get(numberParam(call, 'check_suite_id'));
  if (!suite) throw notFound();
  tellCheckSuite(call.sim, repository, { suite, action: 'rerequested', by: caller(call) });
  return created({});
}

const AT = '/repos/{owner}/{repo}';

export const checkRoutes = [
  route('POST', `${AT}/statuses/{sha}`, 'repos/create-commit-status', createStatus),
  route('GET', `${AT}/commits/{ref+}/statuses`, 'repos/list-commit-statuses-for-ref', listStatuses),
  route('GET', `${AT}/statuses/{ref+}`, 'repos/list-commit-statuses-for-ref', listStatuses),
  route('GET', `${AT}/commits/{ref+}/status`, 'repos/get-combined-status-for-ref', combined),
  route('GET', `${AT}/commits/{ref+}/check-runs`, 'checks/list-for-ref', runsOfCommit),
  route('GET', `${AT}/commits/{ref+}/check-suites`, 'checks/list-suites-for-ref', suitesOfCommit),
  route('POST', `${AT}/check-runs`, 'checks/create', createRun),
  route('GET', `${AT}/check-runs/{check_run_id}`, 'checks/get', (call) => {
    const repository = repositoryOf(call);
    return ok(checkRunJson(call, repository, runOf(call, repository)));
  }),
  route('PATCH', `${AT}/check-runs/{check_run_id}`, 'checks/update', updateRun),
  route('POST', `${AT}/check-runs/{check_run_id}/rerequest`, 'checks/rerequest-run', rerequestRun),
  route('POST', `${AT}/check-suites`, 'checks/create-suite', createSuite),
  route('GET', `${AT}/check-suites/{check_suite_id}`, 'checks/get-suite', (call) =>
    ok(suiteJson(call, repositoryOf(call), numberParam(call, 'check_suite_id'))),
  ),
  route(
    'POST',
    `${AT}/check-suites/{check_suite_id}/rerequest`,
    'checks/rerequest-suite',
    rerequestSuite,
  ),
  route(
    'GET',
    `${AT}/check-suites/{check_suite_id}/check-runs`,
    'checks/list-for-suite',
    (call) => {
      const repository = repositoryOf(call);
      const id = numberParam(call, 'check_suite_id');
      return runsReply(
        call,
        repository,
        [...repository.checkRuns.values()].filter((one) => one.suiteId === id),
      );
    },
  ),
];
