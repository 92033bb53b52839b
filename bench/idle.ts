import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { Schedule } from '../src/crons/schedule.ts';
import { CRONS } from '../src/crons/table.ts';
import { systemClock } from '../src/lib/clock.ts';
import { Listener } from '../src/triggers/listen.ts';
import { CRON_NAMES, type CronName, isCronName } from '../src/triggers/names.ts';
import { type BenchDatabase, SILENT } from './a-database.ts';

const WATCHED_MS = 22_000; // two heartbeats of the listener
const HEARTBEAT = /pg_listening_channels/;

/** What a process with listener, timers and crons sends to an idle database: its heartbeat, and everything else. */
export interface Idle {
  readonly heartbeats: number;
  readonly others: readonly string[];
}

/** Watches every statement that this process sends while nothing happens. */
export async function watchIdle(database: BenchDatabase): Promise<Idle> {
  const runner = database.runner({});
  const schedule = new Schedule({
    ...{ db: database.db, clock: systemClock, log: SILENT },
    due: () => runner.kickDue(),
  });
  const rung = (payload: string) => {
    if (isCronName(payload)) runner.kick(payload);
    else void schedule.rearm();
  };
  const listener = new Listener(database.url, { rung, connected: () => undefined }, SILENT);
  await listener.start();
  const every = CRON_NAMES.map((name) => [name, CRONS[name].every] as const);
  await schedule.start(Object.fromEntries(every) as Record<CronName, (typeof every)[number][1]>);
  while ((await runner.runDue()) > 0); // what lies there from before
  const statements = await statementsDuring(() => pause(WATCHED_MS));
  schedule.stop();
  await Promise.all([listener.close(), runner.stop()]);
  return {
    heartbeats: statements.filter((text) => HEARTBEAT.test(text)).length,
    others: statements.filter((text) => !HEARTBEAT.test(text)),
  };
}

/** Every statement goes through `query` of the driver's client, prepared ones and those of TypeORM too. */
async function statementsDuring(work: () => Promise<unknown>): Promise<string[]> {
  const seen: string[] = [];
  const client = pg.Client.prototype as { query: (...given: unknown[]) => unknown };
  const { query } = client;
  client.query = function (this: unknown, ...given: unknown[]) {
    const [first] = given;
    seen.push(typeof first === 'string' ? first : (first as { text: string }).text);
    return query.apply(this, given);
  };
  try {
    await work();
  } finally {
    client.query = query;
  }
  return seen;
}
