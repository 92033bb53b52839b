import pg from 'pg';
import { administer, databaseUrl } from '../database.ts';

/** A database that is there and refuses to work. Answers how to end it. */
export type Refusal = (clusterUrl: string) => Promise<() => Promise<void>>;

/** Sessions take over what was altered when they begin. */
const CUT = `select pg_terminate_backend(pid) from pg_stat_activity where datname = 'stagecoach'`;

/** As after a failover to a standby, or by a hand on the brake: 25006 for each write. */
export const readOnly: Refusal = async (clusterUrl) => {
  const system = databaseUrl(clusterUrl, 'postgres');
  const alter = 'alter database stagecoach';
  await administer(system, `${alter} set default_transaction_read_only = on`);
  await administer(system, CUT);
  return async () => {
    await administer(system, `${alter} reset default_transaction_read_only`);
    await administer(system, CUT);
  };
};

/** Others hold every connection there is: 53300 for each that is asked for. */
export const full: Refusal = async (clusterUrl) => {
  const system = databaseUrl(clusterUrl, 'postgres');
  const taken: pg.Client[] = [];
  for (let calm = 0; calm < 3; calm += 1) {
    for (let next = await take(system); next !== null; next = await take(system)) taken.push(next);
    const cut = await taken[0]?.query(CUT);
    if (cut?.rowCount !== 0) calm = 0; // what they had is free in a moment
  }
  return async () => {
    for (const client of taken) await client.end();
  };
};

/** @returns a connection, or null when there is none left. */
async function take(url: string): Promise<pg.Client | null> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined); // told by whoever uses it
  try {
    await client.connect();
    return client;
  } catch (error) {
    if ((error as { code?: string }).code === '53300') return null;
    throw error;
  }
}
