import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { dataSource } from '../ormconfig.ts';
import type { Config } from './lib/config.ts';
import { oneLine, UserError } from './lib/errors.ts';
import type { Logger } from './lib/log.ts';
import { hasCluster, startPostgres } from './lib/postgres.ts';

/** An open database. */
export interface OpenDatabase {
  readonly db: DataSource;
  /** Its address, password included: for LISTEN on a connection of its own. Never log it. */
  readonly url: string;
  /** Closes the connections, then stops PostgreSQL where it is ours. */
  readonly close: () => Promise<void>;
}

/** How a database is opened. */
export interface OpenOptions {
  readonly log: Logger;
  /** Makes nothing below `data_dir`: where no cluster is yet, an empty one takes its place until it is closed. */
  readonly onlyLooks?: boolean;
}

/**
 * Opens the configured database, or the embedded PostgreSQL below `data_dir`. It is not migrated here.
 *
 * @throws UserError when it cannot be reached.
 */
export async function openDatabase(
  config: Pick<Config, 'database' | 'dataDir'>,
  options: OpenOptions,
): Promise<OpenDatabase> {
  const given = config.database.url?.reveal();
  const postgres = given === undefined ? await openEmbedded(config.dataDir, options) : null;
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

async function openEmbedded(dataDir: string, { log, onlyLooks = false }: OpenOptions) {
  const dir = join(dataDir, 'postgres');
  if (!onlyLooks || hasCluster(dir)) return startPostgres({ dir, log });
  const passing = await mkdtemp(join(tmpdir(), 'stagecoach-looks-'));
  const remove = () => rm(passing, { recursive: true, force: true });
  try {
    const postgres = await startPostgres({ dir: passing, log, fast: true });
    return { url: postgres.url, stop: () => postgres.stop().then(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}

function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return 'an address that cannot be read';
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}${port === '' ? '' : `:${port}`}${pathname}`;
}
