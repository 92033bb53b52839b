import { Logger, run, runMigrations, runOnce, type TaskList } from 'graphile-worker';
import pg from 'pg';
import type { BenchDatabase } from './a-database.ts';

/** graphile-worker in the same database: what one would pick instead, with its prepared statements on. */
export interface JobQueue extends AsyncDisposable {
  /** Adds jobs by one statement. */
  fill(count: number): Promise<void>;
  /** Works off all there is, so many jobs at a time, and answers how many it did. */
  drain(concurrency: number): Promise<number>;
  /** Comes back when no job is left. */
  rest(): Promise<void>;
  /** Keeps a worker listening until it is stopped; every job is told. */
  listen(heard: (key: string) => void): Promise<{ stop(): Promise<void> }>;
}

/** SQL that adds one job, which carries `$1`. */
export const ADD_JOB = `select graphile_worker.add_job('note', json_build_object('key', $1::text))`;

const QUIET = new Logger(() => () => undefined);

/** Installs it. Its tables, its functions and its connections are its own. */
export async function aJobQueue({ url }: BenchDatabase): Promise<JobQueue> {
  const pgPool = new pg.Pool({ connectionString: url, max: 20 });
  const nothing = () => undefined; // it asks for handlers; the database ends with the benchmark
  pgPool.on('error', nothing).on('connect', (client) => void client.on('error', nothing));
  const options = { pgPool, logger: QUIET, noHandleSignals: true };
  await runMigrations(options);
  return {
    async fill(count) {
      await pgPool.query(
        `select graphile_worker.add_job('note', json_build_object('key', n)) from generate_series(1, $1) n`,
        [count],
      );
    },
    async drain(concurrency) {
      let done = 0;
      const taskList: TaskList = { note: () => void (done += 1) };
      await runOnce({ ...options, taskList, concurrency });
      return done;
    },
    async rest() {
      const left = 'select from graphile_worker.jobs limit 1';
      while ((await pgPool.query(left)).rowCount !== 0);
    },
    async listen(heard) {
      const taskList: TaskList = { note: (payload) => heard((payload as { key: string }).key) };
      const runner = await run({ ...options, taskList, concurrency: 1 });
      return { stop: () => runner.stop() };
    },
    [Symbol.asyncDispose]: () => pgPool.end(),
  };
}
