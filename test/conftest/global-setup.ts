import tmp from 'tmp';
import { dataSource } from '../../ormconfig.ts';
import { startPostgres } from '../../src/lib/postgres.ts';
import type { EmbeddedPostgres } from '../../src/lib/postgres.ts';
import { migrate } from '../../src/setup/migrate.ts';
import startReferee from './referee.ts';
import { administer, CLUSTER_URL, databaseUrl, TEMPLATE } from './database.ts';

/** The cluster of this run, for the teardown, which jest calls in the same process. */
export interface RunCluster {
  readonly postgres: EmbeddedPostgres;
  readonly folder: tmp.DirResult;
}

/** One PostgreSQL a run, migrated once: each test clones the template (60 ms) instead of migrating. */
export default async function globalSetup(): Promise<void> {
  await startReferee();
  const folder = tmp.dirSync({ prefix: 'stagecoach-test-', unsafeCleanup: true });
  const postgres = await startPostgres({ dir: folder.name, fast: true });
  Object.assign(globalThis, { runCluster: { postgres, folder } satisfies RunCluster });
  process.env[CLUSTER_URL] = postgres.url; // jest's workers inherit it
  await makeTemplate(postgres.url);
}

/** A clone fails while anybody is connected to the template: once it is made, nobody can be. */
async function makeTemplate(cluster: string): Promise<void> {
  await administer(cluster, `create database ${TEMPLATE}`);
  const source = await dataSource(databaseUrl(cluster, TEMPLATE)).initialize();
  try {
    await migrate(source);
  } finally {
    await source.destroy();
  }
  await administer(cluster, `alter database ${TEMPLATE} allow_connections false`);
}
