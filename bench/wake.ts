import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { Listener } from '../src/triggers/listen.ts';
import { isCronName } from '../src/triggers/names.ts';
import { aDatabase, SILENT } from './a-database.ts';
import type { Report } from './figures.ts';

const RUNS = 400;
const WARM_UP = 20;

/** From the commit of a write to the first line of its cron, beside a bare NOTIFY from commit to arrival. */
export async function wake(): Promise<Report> {
  await using database = await aDatabase();
  let begins: () => void = () => undefined;
  const runner = database.runner({
    deliveries: () => {
      begins();
      return Promise.resolve();
    },
  });
  const listener = new Listener(
    database.url,
    {
      rung: (payload) => isCronName(payload) && runner.kick(payload),
      connected: () => undefined,
    },
    SILENT,
  );
  const [writer, ear] = [0, 1].map(() => new pg.Client({ connectionString: database.url })) as [
    pg.Client,
    pg.Client,
  ];
  await Promise.all([writer.connect(), ear.connect(), listener.start()]);
  await ear.query('listen bare');
  const ours: number[] = [];
  const bare: number[] = [];
  const writing: number[] = [];
  await writer.query('create table plain (guid text primary key)');
  const hear = () => new Promise<void>((resolve) => ear.once('notification', () => resolve()));
  for (let run = -WARM_UP; run < RUNS; run += 1) {
    bare.push(await fromCommit(writer, { sql: `select pg_notify('bare', $1)`, then: hear() }));
    writing.push(
      await fromCommit(writer, {
        sql: `with row as (insert into plain values ($1) returning guid) select pg_notify('bare', guid) from row`,
        then: hear(),
      }),
    );
    const begun = new Promise<void>((resolve) => (begins = resolve));
    ours.push(
      await fromCommit(writer, {
        sql: `insert into delivery (guid, event, body, queued_at) values ($1, 'ping', '', now())`,
        then: begun,
      }),
    );
    await runner.runDue(); // waits for the end of the run
  }
  await runner.stop();
  await Promise.all([listener.close(), writer.end(), ear.end()]);
  return {
    bench: 'wake',
    about: 'commit of a write to the start of its cron, one at a time',
    series: [
      { name: 'stagecoach', unit: 'ms', values: ours.slice(WARM_UP) },
      { name: 'insert and NOTIFY, heard', unit: 'ms', values: writing.slice(WARM_UP) },
      { name: 'bare LISTEN/NOTIFY', unit: 'ms', values: bare.slice(WARM_UP) },
    ],
  };
}

async function fromCommit(
  writer: pg.Client,
  { sql, then }: { sql: string; then: Promise<void> },
): Promise<number> {
  await writer.query('begin');
  await writer.query(sql, [randomUUID()]);
  const begun = performance.now();
  await Promise.all([writer.query('commit'), then]);
  return performance.now() - begun;
}
