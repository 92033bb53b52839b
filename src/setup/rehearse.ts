import type { DataSource } from 'typeorm';
import type { Config } from '../lib/config.ts';
import { applyConfig } from './apply.ts';
import type { Change } from './change.ts';
import { tryMigrations } from './migrate.ts';

/**
 * Says what applying a configuration would change, on a database of any age, even an empty one: all is done in one
 * transaction, and taken back.
 *
 * @throws {@link UserError} where applying it would.
 */
export async function rehearseConfig(db: DataSource, config: Config, now: Date): Promise<Change[]> {
  const runner = db.createQueryRunner();
  try {
    await runner.startTransaction();
    await tryMigrations(db, runner);
    return await applyConfig(runner.manager, config, { now, dryRun: true });
  } finally {
    if (runner.isTransactionActive) await runner.rollbackTransaction();
    await runner.release();
  }
}
