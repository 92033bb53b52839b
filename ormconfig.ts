import { DataSource } from 'typeorm';
import { ENTITIES } from './src/models/index.ts';
import { MIGRATIONS } from './src/models/migrations/index.ts';
import { SnakeNaming } from './src/models/naming.ts';

/**
 * The database connection of everything: server, command line, tests, and TypeORM's own tool.
 *
 * @param url `postgres://…`
 * @param poolSize connections at most; each process adds one for LISTEN.
 */
export function dataSource(url: string, poolSize = 10): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    entities: ENTITIES,
    migrations: MIGRATIONS,
    migrationsTransactionMode: 'all',
    namingStrategy: new SnakeNaming(),
    synchronize: false,
    logging: false,
    poolSize,
    connectTimeoutMS: 5000,
    applicationName: 'stagecoach',
    extra: {
      statement_timeout: 30_000,
      lock_timeout: 5_000,
      // a process that is frozen in a transaction keeps its locks no longer than its leases (crons/lease.ts)
      idle_in_transaction_session_timeout: 10_000,
    },
  });
}
