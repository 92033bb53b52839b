import { type DataSource, type EntityManager, MigrationExecutor, type QueryRunner } from 'typeorm';
import { UserError } from '../lib/errors.ts';
import { installBells } from '../triggers/install.ts';

const LOCK = 7_210_410; // any number but that of the bells; the same in every process
const PATIENCE = '60s'; // another process may be migrating

/**
 * Brings the database to the schema and the bells of this code: at every start, by every process, one at a time.
 * The lock goes with its connection, so a killed process blocks nobody. A database that is up to date is only read.
 *
 * @returns names of the migrations that were run, oldest first.
 * @throws {@link UserError} when the database was migrated by newer code: to go on could damage what it cannot know.
 */
export function migrate(db: DataSource): Promise<string[]> {
  return db.transaction(async (lock) => {
    await lock.query(`select set_config('lock_timeout', $1, true)`, [PATIENCE]);
    await lock.query(`select set_config('statement_timeout', $1, true)`, [PATIENCE]);
    // this transaction only waits, while another connection migrates for as long as it takes
    await lock.query(`select set_config('idle_in_transaction_session_timeout', '0', true)`);
    await lock.query('select pg_advisory_xact_lock($1)', [LOCK]);
    await refuseNewer(db, lock);
    const run = await db.runMigrations();
    await installBells(lock);
    return run.map((migration) => migration.name);
  });
}

/**
 * Migrates within a transaction that its caller takes back, to see what would be there afterwards. The bells are left out.
 *
 * @throws {@link UserError} as {@link migrate} does.
 */
export async function tryMigrations(db: DataSource, runner: QueryRunner): Promise<void> {
  await runner.query(`select set_config('statement_timeout', $1, true)`, [PATIENCE]);
  await runner.query('select pg_advisory_xact_lock($1)', [LOCK]);
  await refuseNewer(db, runner.manager);
  const executor = new MigrationExecutor(db, runner);
  executor.transaction = 'none';
  await executor.executePendingMigrations();
}

async function refuseNewer(db: DataSource, tx: EntityManager): Promise<void> {
  const known = new Set(db.migrations.map((migration) => migration.name ?? ''));
  const unknown = (await executed(tx)).filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  const detail = `the database was migrated by a newer version (${unknown.join(', ')}): run that version, or use another database`;
  throw new UserError({ code: 'refused', detail });
}

async function executed(tx: EntityManager): Promise<string[]> {
  const tables = await tx.query<{ there: boolean }[]>(
    `select to_regclass('migrations') is not null as there`,
  );
  if (!tables[0]?.there) return [];
  const rows = await tx.query<{ name: string }[]>('select name from migrations order by id');
  return rows.map((row) => row.name);
}
