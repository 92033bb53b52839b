import { DataSource } from 'typeorm';
import { socketThatEndsSilence } from './src/lib/postgres/silence.ts';
import { ENTITIES } from './src/models/index.ts';
import { MIGRATIONS } from './src/models/migrations/index.ts';
import { SnakeNaming } from './src/models/naming.ts';

const LONGEST_STATEMENT_MS = 30_000;
/** PostgreSQL itself ends a statement before: a connection that says nothing for so long is dead. */
const LONGEST_SILENCE_MS = LONGEST_STATEMENT_MS + 5_000;

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
      stream: () => socketThatEndsSilence(LONGEST_SILENCE_MS),
      keepAlive: true, // where nothing was asked, TCP itself finds out: after 5 s, and ten probes of a second
      keepAliveInitialDelayMillis: 5_000,
      statement_timeout: LONGEST_STATEMENT_MS,
      lock_timeout: 5_000,
      // a process that is frozen in a transaction keeps its locks no longer than its leases (crons/lease.ts)
      idle_in_transaction_session_timeout: 10_000,
    },
  });
}
