import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Logger } from './log.ts';
import { chooseAccount } from './postgres/account.ts';
import type { Account } from './postgres/account.ts';
import { findBinaries } from './postgres/binaries.ts';
import { clusterIn, ensureCluster, ensureFolder, readPassword } from './postgres/cluster.ts';
import type { Cluster } from './postgres/cluster.ts';
import { postgresError } from './postgres/failure.ts';
import { addressOf, waitUntilReady } from './postgres/lease.ts';
import type { Lease } from './postgres/lease.ts';
import { adopt, guard, launch, stop } from './postgres/postmaster.ts';
import type { Postmaster } from './postgres/postmaster.ts';
import { findRunning } from './postgres/process.ts';

/** What the bot asks of an embedded PostgreSQL. */
export interface PostgresOptions {
  /** Folder for the cluster, its password and its log; made when missing. */
  readonly dir: string;
  readonly log?: Pick<Logger, 'info' | 'warn'>;
  /** Trades safety against power failure for speed: test clusters only. */
  readonly fast?: boolean;
}

/** A running PostgreSQL. */
export interface EmbeddedPostgres {
  /** Address of the database `stagecoach`, password included: never log it. */
  readonly url: string;
  /** Stops the server within ten seconds, if it is ours. May be called twice. */
  stop(): Promise<void>;
}

const PATIENCE_MS = 7000; // the contract gives a clean stop 10 s in all
const TRIES = 5; // the free port may be taken by another, or a killed bot's server is just shutting down

/**
 * Runs PostgreSQL from the installed package on a free port of the loopback interface. The cluster is made at
 * first use and kept; it survives a kill at any moment. The server ends with the process that started it; one
 * that was left behind all the same is taken over. A second process on the same folder becomes a guest of
 * the first one's server.
 *
 * @throws {@link UserError} of one line when PostgreSQL cannot run here.
 */
export async function startPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  const dir = resolve(options.dir);
  const cluster = clusterIn(dir);
  const account = await chooseAccount(cluster.home);
  await ensureFolder(dir, account);
  const binaries = await findBinaries({ forOthers: account.isOther });
  const major = majorOf(await account.version(binaries.postgres));
  const fast = options.fast ?? false;
  await ensureCluster(cluster, { account, binaries, fast });
  const password = await readPassword(cluster, major);
  const running = await run({ cluster, account, program: binaries.postgres, fast }, password);
  options.log?.info({ port: running.server.port, guest: !running.lease.isOurs }, 'PostgreSQL runs');
  return handOver(running, password);
}

/** Whether a folder holds a cluster already. */
export function hasCluster(dir: string): boolean {
  return existsSync(clusterIn(resolve(dir)).home);
}

interface Running {
  readonly server: Postmaster;
  readonly lease: Lease;
}

async function run(
  how: { cluster: Cluster; account: Account; program: string; fast: boolean },
  password: string,
): Promise<Running> {
  let words = '';
  for (let i = 0; i < TRIES; i += 1) {
    const leftover = await findRunning(how.cluster.data);
    const server = leftover === undefined ? await launch(how) : adopt(leftover, how.cluster);
    const readiness = await waitUntilReady(server, password);
    if (readiness.kind === 'ready') return { server, lease: readiness.lease };
    words = readiness.kind === 'late' ? 'it takes no connections' : server.lastWords();
    if (readiness.kind === 'late') await stop(server, PATIENCE_MS);
  }
  throw postgresError(words, `see ${how.cluster.log}, or set database.url`);
}

function handOver({ server, lease }: Running, password: string): EmbeddedPostgres {
  const dismiss = lease.isOurs ? guard(server.pid) : () => undefined;
  const end = async (): Promise<void> => {
    await lease.release();
    if (lease.isOurs) await stop(server, PATIENCE_MS);
    dismiss();
  };
  let ended: Promise<void> | undefined;
  return { url: addressOf(server, password), stop: () => (ended ??= end()) };
}

/** `postgres (PostgreSQL) 18.4` → `18`. */
function majorOf(version: string): string {
  const major = /(\d+)[.\d]*/.exec(version)?.[1];
  if (major === undefined)
    throw postgresError(`its version is unreadable (${version})`, 'set database.url');
  return major;
}
