import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { dataSource } from '../ormconfig.ts';
import type { Config } from './lib/config.ts';
import { oneLine, UserError } from './lib/errors.ts';
import type { Logger } from './lib/log.ts';
import { startPostgres } from './lib/postgres.ts';

/** An open database. */
export interface OpenDatabase {
  readonly db: DataSource;
  /** Its address, password included: for LISTEN on a connection of its own. Never log it. */
  readonly url: string;
  /** Closes the connections, then stops PostgreSQL where it is ours. */
  readonly close: () => Promise<void>;
}

/**
 * Opens the configured database, or the embedded PostgreSQL below `data_dir`. It is not migrated here.
 *
 * @throws UserError when it cannot be reached.
 */
export async function openDatabase(
  config: Pick<Config, 'database' | 'dataDir'>,
  { log }: { readonly log: Logger },
): Promise<OpenDatabase> {
  const given = config.database.url?.reveal();
  const postgres =
    given === undefined
      ? await startPostgres({ dir: join(config.dataDir, 'postgres'), log })
      : null;
  const url = given ?? postgres?.url ?? '';
  try {
    const db = await dataSource(url).initialize();
    const close = async (): Promise<void> => {
      await db.destroy();
      await postgres?.stop();
    };
    return { db, url, close };
  } catch (error) {
    await postgres?.stop();
    const failure = { address: withoutPassword(url), detail: oneLine(error) };
    throw new UserError({ code: 'database-unreachable', ...failure }, { cause: error });
  }
}

function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return 'an address that cannot be read';
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}${port === '' ? '' : `:${port}`}${pathname}`;
}
