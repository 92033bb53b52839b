import pg from 'pg';
import { setTimeout as pause } from 'node:timers/promises';
import { errorCode, oneLine } from '../errors.ts';
import { ROLE } from './cluster.ts';
import { postgresError } from './failure.ts';
import type { Postmaster } from './postmaster.ts';

const LOCK = [0x57a6e, 0xc0ac4]; // any two numbers, the same in every version of this program
const READY_WITHIN_MS = 120_000; // recovery after a crash reads the log since the last checkpoint

/** The claim on a running cluster: who holds it stops the server; it ends with its connection. */
export interface Lease {
  /** False when another living process has it: then we are a guest. */
  readonly isOurs: boolean;
  release(): Promise<void>;
}

/** What came of waiting for a server: it answers, it ended by itself, or it never became ready. */
export type Readiness = { kind: 'ready'; lease: Lease } | { kind: 'ended' } | { kind: 'late' };

/**
 * Waits until the server takes connections and claims it. The claim is a session's advisory lock, so it
 * can neither be held twice nor outlive its holder, whatever kills him.
 */
export async function waitUntilReady(server: Postmaster, password: string): Promise<Readiness> {
  for (let waited = 0; waited < READY_WITHIN_MS; waited += 20) {
    const client = await tryConnect(server, password);
    if (client !== undefined) return { kind: 'ready', lease: await claim(client) };
    if (!server.isRunning()) return { kind: 'ended' };
    await pause(20);
  }
  return { kind: 'late' };
}

/** The address of a database of the cluster. */
export function addressOf(
  server: { readonly port: number },
  password: string,
  name = ROLE,
): string {
  return `postgres://${ROLE}:${password}@127.0.0.1:${server.port}/${name}`;
}

/** Not listening yet, starting up, recovering, shutting down: look again. */
const PASSING = ['ECONNREFUSED', 'ECONNRESET', '57P03'];

async function tryConnect(server: Postmaster, password: string): Promise<pg.Client | undefined> {
  const client = new pg.Client({
    connectionString: addressOf(server, password, 'postgres'),
    application_name: 'stagecoach lease',
  });
  client.on('error', () => undefined); // the server went away: those who use it will say so
  try {
    await client.connect();
    return client;
  } catch (error) {
    const code = errorCode(error);
    if (code !== undefined && PASSING.includes(code)) return undefined;
    if (!server.isRunning()) return undefined;
    throw postgresError(
      `it refuses us (${oneLine(error)})`,
      'set database.url, or a new data_dir',
      error,
    );
  }
}

async function claim(client: pg.Client): Promise<Lease> {
  const sql = 'select pg_try_advisory_lock($1, $2) as ours';
  const { rows } = await client.query<{ ours: boolean }>(sql, LOCK);
  const isOurs = rows[0]?.ours === true;
  if (isOurs) await ensureDatabase(client);
  return { isOurs, release: () => client.end() };
}

async function ensureDatabase(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query('select from pg_database where datname = $1', [ROLE]);
  if (rowCount === 0) await client.query('create database stagecoach');
}
