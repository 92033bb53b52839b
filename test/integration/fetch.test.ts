import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fetchPullRequests } from '../../src/crons/fetch-pull-requests.ts';
import { reconcile } from '../../src/crons/reconcile.ts';
import type { PullRequest, StatusReport } from '../../src/github/facts.ts';
import type { GitHub } from '../../src/github/gateway.ts';
import { type ConfiguredDatabase, configuredDatabase, openHandRun } from '../conftest/run.ts';
import { failure } from '../unit/feedback/small-github.ts';

const START = new Date('2026-03-01T10:00:00Z');
const HEAD = 'a'.repeat(40);
const NEXT = 'b'.repeat(40);

let configured: ConfiguredDatabase;
let now: Date;
let pulls: Map<number, PullRequest>;
let reports: StatusReport[];

beforeEach(async () => {
  now = START;
  pulls = new Map();
  reports = [];
  configured = await configuredDatabase(START);
});

afterEach(() => configured.close());

const repository = 'acme/app';

function aPull(changes: Record<string, unknown> = {}): PullRequest {
  const pull = {
    kind: 'pull_request',
    id: 70,
    number: 7,
    title: 'Add a thing',
    body: '',
    state: 'open',
    draft: false,
    head: { sha: HEAD, branch: 'thing', label: 'alice:thing', repository: 'alice/app' },
    base: { branch: 'master', sha: HEAD },
    author: { id: 5, login: 'alice', type: 'User' },
    createdAt: START,
    updatedAt: START,
    labels: [],
    commitCount: 1,
    ...changes,
  } as unknown as PullRequest;
  pulls.set(pull.number, pull);
  return pull;
}

function aReport(state: string, at = START): StatusReport {
  const report = {
    kind: 'status',
    context: 'ci/test',
    state,
    description: null,
    url: null,
    at,
  } as const;
  reports = [report];
  return report;
}

const github = {
  pullRequest: (_repo: string, number: number) =>
    Promise.resolve(pulls.get(number) ?? { kind: 'missing' as const }),
  statuses: () => Promise.resolve(reports),
  appHookUrl: () => Promise.resolve(null),
  organizationHooks: () => Promise.resolve({ kind: 'missing' as const }),
  hooks: () => Promise.resolve({ kind: 'missing' as const }),
  findPullRequests: (repo: string) =>
    repo === repository
      ? Promise.resolve([...pulls.values()].filter((pull) => pull.state === 'open'))
      : Promise.resolve([]),
} as Partial<GitHub> as GitHub;

async function ask(asker: string | null = null): Promise<void> {
  await configured.db.query(
    'insert into fetch_job (repository_id, number, asker, queued_at) values (1, 7, $1, $2)',
    [asker, now],
  );
}

async function fetchAll(gateway: GitHub = github): Promise<void> {
  const world = { now: () => now, github: gateway };
  const { run } = await openHandRun(configured.db, 'fetch', world);
  await fetchPullRequests(run);
}

const records = () =>
  configured.db.query<Record<string, unknown>[]>(
    'select number, head, base, closed, draft from pull_request order by number',
  );
const said = async () => {
  const rows = await configured.db.query<{ text: string }[]>(
    `select payload ->> 'text' as text from feedback where key ~ '^(fetched|out-of-remit)/' order by id`,
  );
  return rows.map((row) => row.text);
};
const jobs = () =>
  configured.db.query<{ attempts: number; retry_at: Date }[]>('select * from fetch_job');

describe('reading a pull request', () => {
  it('makes an unknown one known, with what CI said of its head', async () => {
    aPull();
    aReport('success');
    await ask();

    await fetchAll();

    expect(await records()).toMatchObject([{ number: 7, head: HEAD, base: 'master' }]);
    expect(await configured.db.query('select sha, state from commit_status')).toEqual([
      { sha: HEAD, state: 'success' },
    ]);
    expect(await configured.db.query('select sha from status_job')).toEqual([{ sha: HEAD }]);
    expect(await jobs()).toEqual([]);
    expect(await said()).toEqual([]);
  });

  it('tells who gave a command on it that it was unknown', async () => {
    aPull();
    await ask('rita');

    await fetchAll();

    expect(await said()).toEqual([
      expect.stringMatching(/^@rita I did not know this pull request/),
    ]);
  });

  it('answers with what had been missed', async () => {
    aPull();
    await ask();
    await fetchAll();
    const later = new Date(START.getTime() + 60_000);
    aPull({ head: { ...pulls.get(7)?.head, sha: NEXT }, updatedAt: later });
    await ask('rita');

    await fetchAll();

    expect(await records()).toMatchObject([{ head: NEXT }]);
    expect(await said()).toEqual([expect.stringContaining(NEXT)]);
  });

  it('answers that nothing was missed, also when GitHub shows an old state', async () => {
    aPull({ updatedAt: new Date(START.getTime() + 60_000) });
    await ask();
    await fetchAll();
    aPull({ head: { ...pulls.get(7)?.head, sha: NEXT }, updatedAt: START });
    await ask('rita');

    await fetchAll();

    expect(await records()).toMatchObject([{ head: HEAD }]);
    expect(await said()).toEqual([expect.stringContaining('nothing had been missed')]);
  });

  it('speaks of an unmanaged branch only when somebody asked', async () => {
    aPull({ base: { branch: 'feature', sha: HEAD } });
    await ask();
    await ask('rita');

    await fetchAll();

    expect(await records()).toEqual([]);
    expect(await said()).toEqual([expect.stringContaining('`feature`')]);
  });

  it('waits for one that GitHub does not show yet, then lets it be', async () => {
    await ask();
    const waits: number[] = [];
    for (let tries = 0; tries < 10; tries += 1) {
      await fetchAll();
      const retryAt = (await jobs())[0]?.retry_at;
      if (!retryAt) break;
      waits.push(retryAt.getTime() - now.getTime());
      now = retryAt;
    }

    expect(waits).toEqual([1_000, 5_000, 15_000, 60_000]);
    expect(await jobs()).toEqual([]);
  });

  it('costs no try while GitHub asks to wait', async () => {
    await ask();
    const pullRequest = () => Promise.reject(failure({ status: 403, retryAfterMs: 30_000 }));

    await fetchAll({ ...github, pullRequest });

    expect(await jobs()).toMatchObject([
      { attempts: 0, retry_at: new Date(START.getTime() + 30_000) },
    ]);
  });
});

describe('CI signals of one commit', () => {
  const state = async () => {
    const rows = await configured.db.query<{ state: string }[]>('select state from commit_status');
    return rows.map((row) => row.state);
  };
  const hear = async (word: string, at: Date) => {
    aReport(word, at);
    await ask();
    await fetchAll();
    return state();
  };
  const seconds = (count: number) => new Date(START.getTime() + count * 1_000);

  it('keep the newest word in whatever order they come', async () => {
    aPull();

    expect(await hear('success', seconds(5))).toEqual(['success']);
    expect(await hear('pending', seconds(1))).toEqual(['success']);
    expect(await hear('failure', seconds(9))).toEqual(['failure']);
  });

  it('do not fall back to pending within the same second', async () => {
    aPull();
    await hear('success', START);

    expect(await hear('pending', START)).toEqual(['success']);
    expect(await hear('failure', START)).toEqual(['failure']);
  });

  it('hold a change by a word that is newer than the bot', async () => {
    aPull();

    expect(await hear('invented_tomorrow', START)).toEqual(['stale']);
  });
});

describe('reconciling', () => {
  async function reconcileAll(gateway: GitHub = github): Promise<void> {
    const world = { now: () => now, github: gateway };
    const { run } = await openHandRun(configured.db, 'reconcile', world);
    await reconcile(run);
  }
  const queued = async () => {
    const rows = await configured.db.query<{ number: number }[]>(
      'select number from fetch_job order by number',
    );
    return rows.map((row) => row.number);
  };

  it('has unknown pull requests read, once each, however often it runs', async () => {
    aPull();
    aPull({ number: 8 });

    await reconcileAll();
    await reconcileAll();

    expect(await queued()).toEqual([7, 8]);
  });

  it('finds nothing in doubt when the records are true', async () => {
    aPull();
    await ask();
    await fetchAll();

    await reconcileAll();

    expect(await queued()).toEqual([]);
  });

  it('reads again what CI said about running stagings', async () => {
    await configured.db.query(
      `insert into staging (id, project_id, branch_id, staged_at, pushed_at, timeout_at) values (1, 1, 2, $1, $1, $1)`,
      [START],
    );
    await configured.db.query(
      `insert into staging_head (staging_id, repository_id, base, head, changed) values (1, 1, 'x', $1, true)`,
      [NEXT],
    );
    aReport('success');

    await reconcileAll();

    expect(await configured.db.query('select sha, state from commit_status')).toEqual([
      { sha: NEXT, state: 'success' },
    ]);
  });

  it('goes on with the other repositories when one cannot be read, and fails in the end', async () => {
    aPull();
    const broken = failure({ status: 500 });
    const findPullRequests = (repo: string) =>
      repo === 'acme/web' ? Promise.resolve([...pulls.values()]) : Promise.reject(broken);

    await expect(reconcileAll({ ...github, findPullRequests })).rejects.toBe(broken);

    expect(await configured.db.query('select repository_id, number from fetch_job')).toEqual([
      { repository_id: 2, number: 7 },
    ]);
  });
});
