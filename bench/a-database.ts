import { rm, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { DataSource } from 'typeorm';
import { dataSource } from '../ormconfig.ts';
import { type CronBody, Runner } from '../src/crons/runner.ts';
import { systemClock } from '../src/lib/clock.ts';
import { startPostgres } from '../src/lib/postgres.ts';
import { migrate } from '../src/setup/migrate.ts';
import { CRON_NAMES, type CronName } from '../src/triggers/names.ts';
import type { World } from '../src/world.ts';

/** A log that keeps nothing. */
export const SILENT = pino({ level: 'silent' });

/** A PostgreSQL of its own, with everything it does for safety: migrated, every cron on, one project, an empty inbox. */
export interface BenchDatabase extends AsyncDisposable {
  readonly url: string;
  readonly db: DataSource;
  /** A runner over it; crons without a body do nothing. */
  runner(bodies: Partial<Record<CronName, CronBody>>): Runner;
}

/** Starts one. Not a fast test cluster: commits reach the disk, as they do in earnest. */
export async function aDatabase(): Promise<BenchDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'stagecoach-bench-'));
  const postgres = await startPostgres({ dir: join(folder, 'postgres') });
  const db = await dataSource(postgres.url, 20).initialize();
  await migrate(db);
  await fill(db);
  return {
    url: postgres.url,
    db,
    runner: (bodies) => new Runner(worldOf(db), { ...idle(), ...bodies }),
    async [Symbol.asyncDispose]() {
      await db.destroy();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function fill(db: DataSource): Promise<void> {
  await db.query('insert into cron (name) select unnest($1::text[])', [CRON_NAMES]);
  await db.query(`insert into project (name, bot, settings) values ('acme', 'stagecoach', '{}')`);
  await db.query(
    `insert into repository (project_id, name, github_id, sequence) values (1, 'acme/app', 11, 0)`,
  );
  await db.query('delete from cron_trigger');
}

function idle(): Record<CronName, CronBody> {
  const nothing: CronBody = () => Promise.resolve();
  return Object.fromEntries(CRON_NAMES.map((name) => [name, nothing])) as Record<
    CronName,
    CronBody
  >;
}

function worldOf(db: DataSource): World {
  const outside = (): never => {
    throw new Error('this benchmark has no GitHub');
  };
  const nowhere = { github: outside, clone: outside, identity: outside, url: '', webUrl: '' };
  return { db, clock: systemClock, log: SILENT, ...nowhere };
}
