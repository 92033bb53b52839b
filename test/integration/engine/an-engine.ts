import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { DataSource } from 'typeorm';
import { dataSource } from '../../../ormconfig.ts';
import { type CronBody, Runner } from '../../../src/crons/runner.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import type { Logger } from '../../../src/lib/log.ts';
import { CRON_NAMES, type CronName } from '../../../src/triggers/names.ts';
import type { World } from '../../../src/world.ts';
import { freshDatabase } from '../../conftest/database.ts';

/** A wake as it lies in the inbox. */
export interface InboxRow {
  readonly cron: string;
  readonly subject: string;
  readonly at: string;
}

/**
 * The clockwork alone: a real database with its bells, and runners over it with small bodies. There is a project with one
 * repository (1) and one branch (1); the inbox begins empty.
 */
export interface Engine extends AsyncDisposable {
  readonly url: string;
  readonly db: DataSource;
  readonly log: Logger;
  /** Messages of the log at level warn and above, in order. */
  readonly alarms: string[];
  now(): Date;
  advance(ms: number): void;
  /** From now on the clock is the machine's: for what timers do. */
  goLive(): void;
  /** A runner of its own, as another process would have. Crons without a body do nothing. */
  runner(bodies: Partial<Record<CronName, CronBody>>): Runner;
  /** A write that wakes the cron `deliveries`. */
  deliver(db?: { query: DataSource['query'] }): Promise<void>;
  wakes(cron?: CronName): Promise<InboxRow[]>;
  switch(cron: CronName, active: boolean): Promise<void>;
  /** Adds a row to the queue `issue_job`. */
  queue(number: number): Promise<void>;
}

/**
 * Makes one. Its clock stands still until it is advanced.
 *
 * @param options.lockTimeoutMs how long a statement waits for somebody's lock; left out: as in the product.
 */
export async function anEngine({ lockTimeoutMs = 5_000 } = {}): Promise<Engine> {
  const database = await freshDatabase();
  const { options } = dataSource(database.url);
  const extra = { ...options.extra, lock_timeout: lockTimeoutMs };
  const db = await new DataSource({ ...options, extra }).initialize();
  const alarms: string[] = [];
  const log = pino(
    { level: 'warn', base: null },
    { write: (line: string) => void alarms.push((JSON.parse(line) as { msg: string }).msg) },
  );
  let time = Date.UTC(2026, 4, 4, 8);
  let live = false;
  const now = () => (live ? systemClock.now() : new Date(time));
  const runners: Runner[] = [];
  await fill(db);
  return {
    url: database.url,
    db,
    log,
    alarms,
    now,
    advance: (ms) => void (time += ms),
    goLive: () => void (live = true),
    runner(bodies) {
      const made = new Runner(worldOf(db, { log, now }), { ...idle(), ...bodies });
      runners.push(made);
      return made;
    },
    async deliver(writer = db) {
      await writer.query(
        `insert into delivery (guid, event, body, queued_at) values ($1, 'ping', '', $2)`,
        [randomUUID(), now()],
      );
    },
    wakes: (cron) =>
      db.query(
        `select cron, subject, run_at::text as at from cron_trigger
          where cron = coalesce($1, cron) order by run_at, cron, xact`,
        [cron ?? null],
      ),
    async switch(cron, active) {
      await db.query('update cron set active = $2 where name = $1', [cron, active]);
    },
    async queue(number) {
      await db.query(
        'insert into issue_job (repository_id, number, queued_at) values (1, $1, $2)',
        [number, now()],
      );
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(runners.map((runner) => runner.stop()));
      await db.destroy();
      await database.drop();
    },
  };
}

/** A run of the cron `deliveries` that has begun, in a process of its own, and goes on until it is let end. */
export async function aLongRun(
  engine: Engine,
): Promise<{ readonly count: () => number; readonly end: () => Promise<void> }> {
  const [begun, mayEnd] = [anEvent(), anEvent()];
  let count = 0;
  const runner = engine.runner({
    deliveries: async () => {
      count += 1;
      begun.happens();
      await mayEnd.happened;
    },
  });
  await engine.deliver();
  const running = runner.runDue();
  await begun.happened;
  return {
    count: () => count,
    async end() {
      mayEnd.happens();
      await running;
    },
  };
}

async function fill(db: DataSource): Promise<void> {
  await db.query('insert into cron (name) select unnest($1::text[]) on conflict do nothing', [
    CRON_NAMES,
  ]);
  await db.query(`insert into project (name, bot, settings) values ('acme', 'stagecoach', '{}')`);
  await db.query(
    `insert into repository (project_id, name, github_id, sequence) values (1, 'acme/app', 11, 0)`,
  );
  await db.query(`insert into branch (project_id, name, sequence) values (1, 'master', 0)`);
  await db.query('delete from cron_trigger');
}

function idle(): Record<CronName, CronBody> {
  const nothing: CronBody = () => Promise.resolve();
  return Object.fromEntries(CRON_NAMES.map((name) => [name, nothing])) as Record<
    CronName,
    CronBody
  >;
}

function worldOf(db: DataSource, { log, now }: { log: Logger; now: () => Date }): World {
  const outside = (): never => {
    throw new Error('the engine alone has no GitHub and no clones');
  };
  return {
    db,
    log,
    clock: { now },
    github: outside,
    clone: outside,
    identity: outside,
    url: '',
    webUrl: '',
  };
}

/** Something that happens once, for whoever waits: no test sleeps. */
export interface Event {
  readonly happened: Promise<void>;
  happens(): void;
}

/** Makes one that has not happened. */
export function anEvent(): Event {
  let happens: () => void = () => undefined;
  const happened = new Promise<void>((resolve) => (happens = resolve));
  return { happened, happens: () => happens() };
}
