import { invalid, Refused } from '../errors.ts';
import type { Commit } from '../git/commit.ts';
import { commitJson, simpleCommitJson } from '../json/commit.ts';
import { without } from '../json/without.ts';
import { checkRunJson, checkSuiteJson, statusJson } from '../json/checks.ts';
import type { Sim } from '../sim.ts';
import { fullName, isPull, nextId, stamp } from '../state/state.ts';
import type {
  App,
  CheckRun,
  CheckSuite,
  Repository,
  Status,
  StatusState,
  User,
} from '../state/types.ts';
import { emit } from '../webhooks/emit.ts';
import { ciAccount } from './accounts.ts';
import { mergePull } from './merge.ts';
import { unmetRules } from './protection.ts';

/** GitHub takes so many statuses for one commit and context. */
const MOST_STATUSES = 1000;
const LONGEST_CONTEXT = 255;

/** What a new commit status is made of. */
export interface NewStatus {
  readonly sha: string;
  readonly state: StatusState;
  readonly context: string;
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly by: User;
}

/**
 * Sets a commit status.
 *
 * @throws Refused 422 for an unknown commit or the 1001st status of one context.
 */
export async function addStatus(
  sim: Sim,
  repository: Repository,
  wanted: NewStatus,
): Promise<Status> {
  const { sha, by } = wanted;
  const commit = await sim.store(repository.networkId).commit(sha);
  if (!commit) throw new Refused(422, `No commit found for SHA: ${sha}`);
  if (wanted.context.length > LONGEST_CONTEXT)
    throw invalid({
      resource: 'Status',
      field: 'context',
      code: 'custom',
      message: 'context is too long (maximum is 255 characters)',
    });
  const list = repository.statuses.get(sha) ?? [];
  repository.statuses.set(sha, list);
  if (list.filter((one) => one.context === wanted.context).length >= MOST_STATUSES)
    throw new Refused(422, 'Validation Failed', {
      problems: [
        {
          resource: 'Status',
          code: 'custom',
          message: 'This SHA and context has reached the maximum number of statuses.',
        },
      ],
    });
  const { state, context, description, targetUrl } = wanted;
  const status: Status = {
    id: nextId(sim.state),
    sha,
    state,
    context,
    description,
    targetUrl,
    creatorId: by.id,
    createdAt: stamp(),
  };
  list.push(status);
  const view = { sim, state: sim.state };
  const json = statusJson(view, repository, status);
  const branches = [...repository.refs]
    .filter(([ref, to]) => to === sha && ref.startsWith('refs/heads/'))
    .slice(0, 10)
    .map(([ref]) => ({
      name: ref.slice('refs/heads/'.length),
      commit: { sha, url: `${sim.url}/repos/${fullName(sim.state, repository)}/commits/${sha}` },
      protected: repository.protections.has(ref.slice('refs/heads/'.length)),
    }));
  emit(sim, {
    event: 'status',
    repository,
    sender: by,
    payload: {
      id: status.id,
      sha,
      name: fullName(sim.state, repository),
      avatar_url: json['avatar_url'],
      target_url: targetUrl,
      context,
      description,
      state,
      commit: commitJson(view, repository, commit),
      branches,
      created_at: status.createdAt,
      updated_at: status.createdAt,
    },
  });
  await mergeWaiting(sim, repository, sha);
  return status;
}

/** The App that checks of a caller belong to: the token's App, or the built-in one. */
export function checkApp(sim: Sim, appId: number | null): App {
  const known = appId === null ? undefined : sim.state.apps.get(appId);
  if (known) return known;
  const bot = ciAccount(sim);
  for (const app of sim.state.apps.values()) if (app.botId === bot.id) return app;
  const app: App = {
    id: nextId(sim.state),
    slug: 'github-actions',
    name: 'GitHub Actions',
    clientId: 'Iv1.github-actions',
    clientSecret: '',
    publicKey: '',
    permissions: { checks: 'write', statuses: 'write', metadata: 'read' },
    events: [],
    botId: bot.id,
    ownerId: bot.id,
    hookId: null,
    createdAt: stamp(),
  };
  sim.state.apps.set(app.id, app);
  return app;
}

/** What a new check run is made of. */
export interface NewCheckRun {
  readonly sha: string;
  readonly by: User;
  readonly appId: number | null;
  readonly name: string;
  readonly status: CheckRun['status'];
  readonly conclusion: string | null;
  readonly detailsUrl: string | null;
  readonly externalId?: string | undefined;
  readonly output?: Pick<CheckRun, 'title' | 'summary' | 'text'> | undefined;
  readonly startedAt?: string | undefined;
  readonly completedAt?: string | undefined;
}

/** The suite of an App for a commit, made when it is not there. */
export function suiteFor(
  sim: Sim,
  repository: Repository,
  wanted: { commit: Commit; app: App },
): CheckSuite {
  for (const one of repository.checkSuites.values())
    if (one.sha === wanted.commit.sha && one.appId === wanted.app.id) return one;
  const ref = [...repository.refs].find(
    ([name, to]) => to === wanted.commit.sha && name.startsWith('refs/heads/'),
  );
  const now = stamp();
  const suite: CheckSuite = {
    id: nextId(sim.state),
    sha: wanted.commit.sha,
    appId: wanted.app.id,
    commit: simpleCommitJson(wanted.commit),
    branch: ref ? ref[0].slice('refs/heads/'.length) : null,
    createdAt: now,
    updatedAt: now,
  };
  repository.checkSuites.set(suite.id, suite);
  return suite;
}

/**
 * Adds a check run.
 *
 * @throws Refused 422 for an unknown commit.
 */
export async function addCheckRun(
  sim: Sim,
  repository: Repository,
  wanted: NewCheckRun,
): Promise<CheckRun> {
  const commit = await sim.store(repository.networkId).commit(wanted.sha);
  if (!commit) throw new Refused(422, `No commit found for SHA: ${wanted.sha}`);
  const app = checkApp(sim, wanted.appId);
  const suite = suiteFor(sim, repository, { commit, app });
  const done = wanted.status === 'completed';
  const run: CheckRun = {
    id: nextId(sim.state),
    suiteId: suite.id,
    sha: wanted.sha,
    appId: app.id,
    name: wanted.name,
    status: wanted.status,
    conclusion: wanted.conclusion,
    externalId: wanted.externalId ?? '',
    detailsUrl: wanted.detailsUrl,
    startedAt: wanted.startedAt ?? stamp(),
    completedAt: done ? (wanted.completedAt ?? stamp()) : null,
    title: wanted.output?.title ?? null,
    summary: wanted.output?.summary ?? null,
    text: wanted.output?.text ?? null,
  };
  repository.checkRuns.set(run.id, run);
  const list = repository.checkRunsBySha.get(run.sha) ?? [];
  repository.checkRunsBySha.set(run.sha, [...list, run.id]);
  tellCheckRun(sim, repository, { run, action: 'created', by: wanted.by });
  if (done) await runFinished(sim, repository, { run, by: wanted.by });
  return run;
}

/** What sums a suite up is no part of the events of its runs. */
const LEFT_OUT_OF_RUNS = ['head_commit', 'latest_check_runs_count', 'check_runs_url'];

/** Tells of a check run. */
export function tellCheckRun(
  sim: Sim,
  repository: Repository,
  what: { run: CheckRun; action: string; by: User },
): void {
  const { run, action, by } = what;
  const view = { sim, state: sim.state };
  const suite = repository.checkSuites.get(run.suiteId);
  const whole = suite && checkSuiteJson(view, repository, suite);
  const check_suite = whole ? without(whole, ...LEFT_OUT_OF_RUNS) : null;
  const check_run = { ...checkRunJson(view, repository, run), check_suite };
  emit(sim, { event: 'check_run', action, repository, sender: by, payload: { check_run } });
}

/** Tells that a run is completed and, when it was the last of its suite, that the suite is. */
export async function runFinished(
  sim: Sim,
  repository: Repository,
  what: { run: CheckRun; by: User },
): Promise<void> {
  const { run, by } = what;
  tellCheckRun(sim, repository, { run, action: 'completed', by });
  const runs = [...repository.checkRuns.values()].filter((one) => one.suiteId === run.suiteId);
  const suite = repository.checkSuites.get(run.suiteId);
  if (suite && runs.every((one) => one.status === 'completed')) {
    suite.updatedAt = stamp();
    tellCheckSuite(sim, repository, { suite, action: 'completed', by });
  }
  await mergeWaiting(sim, repository, run.sha);
}

/** Tells of a check suite. */
export function tellCheckSuite(
  sim: Sim,
  repository: Repository,
  what: { suite: CheckSuite; action: string; by: User },
): void {
  const view = { sim, state: sim.state };
  const check_suite = checkSuiteJson(view, repository, what.suite);
  emit(sim, {
    event: 'check_suite',
    action: what.action,
    repository,
    sender: what.by,
    payload: { check_suite },
  });
}

/**
 * Merges pull requests whose auto-merge waited for this commit's verdict. It takes the network's lock, so
 * the caller must not hold it.
 */
export async function mergeWaiting(sim: Sim, repository: Repository, sha: string): Promise<void> {
  for (const number of [...repository.openPulls]) {
    const issue = repository.issues.get(number);
    if (!isPull(issue) || issue.pull.headSha !== sha || !issue.pull.autoMerge) continue;
    if (unmetRules(sim, repository, issue).length > 0) continue;
    const { byId, method, title, message } = issue.pull.autoMerge;
    const by = sim.state.users.get(byId);
    if (!by) continue;
    const texts = { title: title ?? undefined, message: message ?? undefined };
    const merge = (): Promise<string> =>
      mergePull(sim, repository, { issue, by, method, ...texts });
    await sim.locked(repository.networkId, merge).catch((error: unknown) => {
      if (!(error instanceof Refused)) throw error;
    });
  }
}
