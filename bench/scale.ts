import { randomBytes } from 'node:crypto';
import { refreshBatches } from '../src/ledger/refresh.ts';
import { recordPullRequest } from '../src/ledger/record.ts';
import { systemClock } from '../src/lib/clock.ts';
import { Branch } from '../src/models/branch.ts';
import { freeBranches, planStaging } from '../src/staging/choose.ts';
import { Listener } from '../src/triggers/listen.ts';
import { USUAL_SETTINGS } from '../test/conftest/settings.ts';
import { aDatabase, type BenchDatabase, SILENT } from './a-database.ts';
import { startOurs } from './a-receiver.ts';
import { atMost, figure, type Report, type Series, timeOf } from './figures.ts';
import { watchIdle } from './idle.ts';

const RUNS = 40;
const WARM_UP = 5;
const SMALL = 100;
const LARGE = 10_000;
const BRANCHES = 200;
const WAKE_MS = 50;
const WAKE = 'wake and find the next staging';

/** What is done all day, with 10,000 open pull requests, beside the same with 100. One in twenty is ready. */
export async function scale(): Promise<Report> {
  await using database = await aDatabase();
  const { db } = database;
  await db.query('update project set settings = $1', [JSON.stringify(USUAL_SETTINGS)]);
  await db.query(
    `insert into branch (project_id, name, sequence) select 1, 'b' || n, n from generate_series(1, $1) n`,
    [BRANCHES],
  );
  await db.query(`insert into required_status (repository_id, context) values (1, 'ci/test')`);
  const web = await startOurs(database.db);
  const series: Series[] = [];
  await open(database, { from: 1, to: SMALL });
  const small = await measure(database, { url: web.url, count: SMALL });
  await open(database, { from: SMALL + 1, to: LARGE });
  const large = await measure(database, { url: web.url, count: LARGE });
  const idle = await watchIdle(database);
  await web.close();
  for (const [name, values] of Object.entries(large)) {
    series.push({ name: `${name}, ${LARGE} open`, unit: 'ms', values });
    series.push({ name: `${name}, ${SMALL} open`, unit: 'ms', values: small[name] ?? [] });
  }
  return {
    bench: 'scale',
    about: `the same work with many and with few open pull requests, ${BRANCHES} branches`,
    series,
    targets: [
      atMost(WAKE_MS, figure(large[WAKE] ?? [], 'median'), `median in ms, ${WAKE} of ${LARGE}`),
      atMost(
        0,
        idle.others.length,
        `statements sent by an idle process apart from ${idle.heartbeats} heartbeats`,
      ),
    ],
  };
}

/** Opens pull requests by one statement a table: to be there, not to be measured. */
async function open(
  { db }: BenchDatabase,
  { from, to }: { from: number; to: number },
): Promise<void> {
  await db.query(
    `insert into batch (id, project_id, target_id, label, blocked, unblocked_at, created_at)
      select n, 1, 1 + n / 20 % $3::int, 'alice:change-' || n, case when n % 20 = 0 then null else 'waits for review' end,
             case when n % 20 = 0 then now() end, now()
        from generate_series($1::int, $2::int) n`,
    [from, to, BRANCHES],
  );
  await db.query(
    `insert into pull_request (repository_id, number, title, base, target_id, head, label, head_label, opened_at,
                               github_updated_at, state, state_since, status, blocked, batch_id, commit_count,
                               approved_sha, approved_at)
      select 1, n, 'Change ' || n, 'b' || 1 + n / 20 % $3::int, 1 + n / 20 % $3::int, lpad(n::text, 40, '0'), 'alice:change-' || n, 'alice:change-' || n,
             now(), now() - interval '1 day', case when n % 20 = 0 then 'ready' else 'validated' end, now(), 'success',
             case when n % 20 = 0 then null else 'waits for review' end, n, 1,
             case when n % 20 = 0 then lpad(n::text, 40, '0') end, case when n % 20 = 0 then now() end
        from generate_series($1::int, $2::int) n`,
    [from, to, BRANCHES],
  );
  await db.query(
    `insert into commit_status (repository_id, sha, context, kind, state, at)
      select 1, lpad(n::text, 40, '0'), 'ci/test', 'status', 'success', now()
        from generate_series($1::int, $2::int) n`,
    [from, to],
  );
  await db.query('analyze');
}

/** From the commit that makes a batch stageable to the plan of the first free branch, with listener, lease and runner. */
async function openFinder(
  database: BenchDatabase,
): Promise<{ find(batch: number): Promise<void> } & AsyncDisposable> {
  const { db } = database;
  let found: () => void = () => undefined;
  const runner = database.runner({
    staging: async () => {
      const [branch] = await freeBranches(db.manager);
      if (!branch) throw new Error('no branch is free');
      await planStaging(db.manager, branch);
      found();
    },
  });
  const rung = (payload: string) => payload === 'staging' && runner.kick('staging');
  const listener = new Listener(database.url, { rung, connected: () => undefined }, SILENT);
  await listener.start();
  return {
    async find(batch) {
      const done = new Promise<void>((resolve) => (found = resolve));
      const priority = `case priority when 'default' then 'nice' else 'default' end`;
      await db.query(
        ['update batch set blocked = null, priority =', priority, 'where id = $1'].join(' '),
        [batch],
      );
      await done;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([listener.close(), runner.stop()]);
    },
  };
}

async function measure(
  database: BenchDatabase,
  { url, count }: { url: string; count: number },
): Promise<Record<string, number[]>> {
  const { db } = database;
  await using finder = await openFinder(database);
  const branch = await db.manager.findOneByOrFail(Branch, { id: 1 });
  const read = async (path: string) => {
    const answer = await fetch(url + path);
    await answer.text();
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`);
  };
  const some = () => 1 + Math.floor(Math.random() * count);
  const now = systemClock.now();
  const work: Readonly<Record<string, () => Promise<unknown>>> = {
    [WAKE]: () => finder.find(20 * (1 + Math.floor((Math.random() * count) / 20))),
    'choose the next staging': () => planStaging(db.manager, branch),
    'judge a batch anew': () => db.transaction((tx) => refreshBatches(tx, [some()], { now })),
    'record a push': () => db.transaction((tx) => recordPullRequest(tx, pushOf(some()), now)),
    'pull request by API': () => read(`/api/pulls/acme/app/${some()}`),
    dashboard: () => read('/'),
  };
  const values: Record<string, number[]> = {};
  for (const [name, one] of Object.entries(work)) {
    const times: number[] = [];
    for (let run = -WARM_UP; run < RUNS; run += 1) times.push(await timeOf(one));
    values[name] = times.slice(WARM_UP);
  }
  return values;
}

function pushOf(number: number): Parameters<typeof recordPullRequest>[1] {
  return {
    repositoryId: 1,
    number,
    title: `Change ${number}`,
    body: '',
    closed: false,
    draft: false,
    head: randomBytes(20).toString('hex'),
    headLabel: `alice:change-${number}`,
    base: `b${1 + (Math.floor(number / 20) % BRANCHES)}`,
    author: null,
    commitCount: 1,
    createdAt: systemClock.now(),
    updatedAt: systemClock.now(),
  };
}
