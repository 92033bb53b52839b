import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Runner } from '../src/crons/runner.ts';
import { Listener } from '../src/triggers/listen.ts';
import { isCronName } from '../src/triggers/names.ts';
import { aDatabase, type BenchDatabase, SILENT } from './a-database.ts';
import { ADD_JOB, aJobQueue } from './a-job-queue.ts';
import { atMost, figure, type Report } from './figures.ts';

const RUNS = 400;
const WARM_UP = 20;
const P99_MS = 25;

/** Someone who waits for a write: what he writes, and how he learns of it. */
interface Contender {
  readonly name: string;
  readonly sql: string;
  /** Resolves when the write has arrived. */
  readonly arrival: () => Promise<void>;
  /** Lets what the write began come to its end. */
  readonly rest?: () => Promise<unknown>;
}

/** From the commit of a write to the first line of its cron, beside a bare NOTIFY and a job queue. */
export async function wake(): Promise<Report> {
  await using database = await aDatabase();
  await using cron = await ours(database);
  await using bare = await plain(database);
  await using jobs = await aJobQueue(database);
  const job = await theirs(jobs);
  const writer = new pg.Client({ connectionString: database.url });
  await writer.connect();
  const contenders = [cron, ...bare.contenders, job];
  const times = contenders.map(() => [] as number[]);
  const answered: number[] = [];
  for (let run = -WARM_UP; run < RUNS; run += 1) {
    const turns = [...contenders.entries()];
    if (run % 2 === 0) turns.reverse(); // nobody always comes after the same one
    for (const [n, contender] of turns) {
      const taken = await fromCommit(writer, contender);
      if (run < 0) continue;
      times[n]?.push(taken.sentMs);
      if (contender === cron) answered.push(taken.answeredMs);
    }
  }
  await Promise.all([writer.end(), job.stop()]);
  const median = (n: number) => figure(times[n] ?? [], 'median');
  return {
    bench: 'wake',
    about: 'commit of a write to the start of its cron, one at a time',
    series: [
      ...contenders.map(({ name }, n) => ({ name, unit: 'ms', values: times[n] ?? [] }) as const),
      { name: 'stagecoach, from the answer to the commit', unit: 'ms', values: answered },
    ],
    targets: [
      atMost(2 * median(1), median(0), 'median in ms, twice a write with a NOTIFY, heard'),
      atMost(
        2 * median(2),
        figure(answered, 'median'),
        'median in ms from the answer to the commit, twice a bare NOTIFY and its answer',
      ),
      atMost(P99_MS, figure(times[0] ?? [], 'p99'), 'p99 in ms'),
      atMost(median(4), median(0), 'median in ms, the job queue'),
      atMost(
        figure(times[4] ?? [], 'p99'),
        figure(times[0] ?? [], 'p99'),
        'p99 in ms, the job queue',
      ),
    ],
  };
}

async function ours(database: BenchDatabase): Promise<Contender & AsyncDisposable> {
  let begins: () => void = () => undefined;
  const runner: Runner = database.runner({
    deliveries: () => {
      begins();
      return Promise.resolve();
    },
  });
  const rung = (payload: string) => isCronName(payload) && runner.kick(payload);
  const listener = new Listener(database.url, { rung, connected: () => undefined }, SILENT);
  await listener.start();
  return {
    name: 'stagecoach',
    sql: `insert into delivery (guid, event, body, queued_at) values ($1, 'ping', '', now())`,
    arrival: () => new Promise((resolve) => (begins = resolve)),
    rest: () => runner.runDue(),
    [Symbol.asyncDispose]: () =>
      Promise.all([listener.close(), runner.stop()]).then(() => undefined),
  };
}

/** The least that tells of a write: an insert and a NOTIFY in one transaction. And NOTIFY alone, there and back, and there. */
async function plain({
  url,
}: BenchDatabase): Promise<{ contenders: Contender[] } & AsyncDisposable> {
  const [ear, mouth] = [0, 1].map(() => new pg.Client({ connectionString: url })) as [
    pg.Client,
    pg.Client,
  ];
  await Promise.all([ear.connect(), mouth.connect()]);
  await ear.query('create table plain (guid text primary key)');
  await ear.query('listen there');
  await ear.query('listen back');
  ear.on('notification', ({ channel, payload }) => {
    if (channel === 'there' && payload?.startsWith('answer'))
      void mouth.query(`select pg_notify('back', '')`);
  });
  const hears = (wanted: string) => () =>
    new Promise<void>((resolve) => {
      const hear = ({ channel }: pg.Notification) => {
        if (channel !== wanted) return;
        ear.off('notification', hear);
        resolve();
      };
      ear.on('notification', hear);
    });
  return {
    contenders: [
      {
        name: 'insert and NOTIFY, heard',
        sql: `with row as (insert into plain values ($1) returning guid) select pg_notify('there', guid) from row`,
        arrival: hears('there'),
      },
      {
        name: 'bare NOTIFY, there and back',
        sql: `select pg_notify('there', 'answer ' || $1)`,
        arrival: hears('back'),
      },
      { name: 'bare NOTIFY, there', sql: `select pg_notify('there', $1)`, arrival: hears('there') },
    ],
    [Symbol.asyncDispose]: () => Promise.all([ear.end(), mouth.end()]).then(() => undefined),
  };
}

async function theirs(
  jobs: Awaited<ReturnType<typeof aJobQueue>>,
): Promise<Contender & { stop(): Promise<void> }> {
  let begins: () => void = () => undefined;
  const worker = await jobs.listen(() => begins());
  return {
    name: 'graphile-worker',
    sql: ADD_JOB,
    arrival: () => new Promise((resolve) => (begins = resolve)),
    rest: () => jobs.rest(),
    stop: () => worker.stop(),
  };
}

interface Taken {
  /** From sending the commit to the arrival of the write. */
  readonly sentMs: number;
  /** From the answer that the write is on the disk: what the way itself takes. */
  readonly answeredMs: number;
}

async function fromCommit(writer: pg.Client, { sql, arrival, rest }: Contender): Promise<Taken> {
  const arrived = arrival().then(() => performance.now());
  await writer.query('begin');
  await writer.query(sql, [randomUUID()]);
  const sent = performance.now();
  const answered = writer.query('commit').then(() => performance.now());
  const [arrivedAt, answeredAt] = await Promise.all([arrived, answered]);
  await rest?.();
  return { sentMs: arrivedAt - sent, answeredMs: Math.max(0, arrivedAt - answeredAt) };
}
