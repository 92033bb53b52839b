import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import { errorCode, oneLine } from '../errors.ts';
import { postgresError } from './failure.ts';
import { isAlive } from './process.ts';

/** The one role of an embedded cluster. */
export const ROLE = 'stagecoach';

/** The files of one embedded cluster. `home` is made whole or not at all. */
export interface Cluster {
  readonly home: string;
  readonly data: string;
  /** File with the password of {@link ROLE}; readable by us alone. */
  readonly password: string;
  /** What PostgreSQL prints. */
  readonly log: string;
}

/** Names the files of the cluster below a folder; nothing is read or made. */
export function clusterIn(dir: string): Cluster {
  const home = join(dir, 'cluster');
  return {
    ...{ home, data: join(home, 'data'), password: join(home, 'password') },
    log: join(dir, 'postgres.log'),
  };
}

/**
 * Makes the cluster unless it is there. It grows in a folder beside and is renamed at the end, so a killed
 * run leaves either all or only a folder that the next run sweeps away.
 *
 * @param fast nothing is flushed to disk: for clusters that need not survive the machine.
 */
export async function ensureCluster(
  cluster: Cluster,
  tools: { account: Account; binaries: Binaries; fast: boolean },
): Promise<void> {
  if (existsSync(cluster.home)) return;
  const dir = join(cluster.home, '..');
  await sweep(dir);
  const growing = await mkdtemp(join(dir, `cluster-new-${process.pid}-`));
  try {
    await tools.account.own(growing);
    await initialise(growing, tools);
    await rename(growing, cluster.home);
  } catch (error) {
    await rm(growing, { recursive: true, force: true });
    if (existsSync(cluster.home)) return; // another process was faster
    throw error;
  }
}

/** Makes the folder around the cluster; the account may walk through it, nobody else may look. */
export async function ensureFolder(dir: string, account: Account): Promise<void> {
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    if (!account.walksAnywhere) await chmod(dir, 0o711);
  } catch (error) {
    const why = errorCode(error) ?? oneLine(error);
    throw postgresError(`${dir} cannot be made (${why})`, 'choose another data_dir', error);
  }
}

/** Removes what killed runs left behind; the name tells whose it was. */
async function sweep(dir: string): Promise<void> {
  for (const name of await readdir(dir)) {
    const pid = /^cluster-new-(\d+)-/.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    await rm(join(dir, name), { recursive: true, force: true });
  }
}

async function initialise(
  growing: string,
  { account, binaries, fast }: { account: Account; binaries: Binaries; fast: boolean },
): Promise<void> {
  const password = join(growing, 'password');
  await writeFile(password, randomBytes(24).toString('hex'), { mode: 0o600 });
  await account.own(password);
  const args = [
    ...['-D', join(growing, 'data'), '-U', ROLE, '-A', 'scram-sha-256', `--pwfile=${password}`],
    // The builtin provider sorts the same on every machine and for ever; that of libc changes with it.
    ...['-E', 'UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
    ...(fast ? ['--no-sync'] : []),
  ];
  await finish(account, binaries.initdb, args);
  await chmod(password, 0o600);
}

/** Runs initdb to its end; its last words become the error. */
function finish(account: Account, command: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = account.launch(command, args, ['ignore', 'ignore', 'pipe']);
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else
        reject(
          postgresError(
            `initdb failed (${lastLine(said)})`,
            'check the rights on data_dir and the folders above it, or set database.url',
          ),
        );
    });
  });
}

/** The last line that says what is wrong, of what PostgreSQL printed. */
export function lastLine(printed: string): string {
  const lines = printed.split('\n').filter((line) => line.trim() !== '');
  const telling = lines.filter((line) => /\b(?:FATAL|PANIC|ERROR|error):/.test(line));
  return (telling.at(-1) ?? lines.at(-1) ?? 'it said nothing').trim().slice(0, 300);
}

/** @throws one line when the folder holds no cluster this PostgreSQL can run. */
export async function readPassword(cluster: Cluster, major: string): Promise<string> {
  try {
    const version = (await readFile(join(cluster.data, 'PG_VERSION'), 'utf8')).trim();
    if (version !== major) {
      const advice = `dump it with PostgreSQL ${version} and load it into a new data_dir`;
      throw postgresError(`${cluster.data} belongs to PostgreSQL ${version}, not ${major}`, advice);
    }
    return (await readFile(cluster.password, 'utf8')).trim();
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    const advice = 'start as the account that made it, or choose another data_dir';
    throw postgresError(
      `${cluster.home} cannot be read (${errorCode(error) ?? ''})`,
      advice,
      error,
    );
  }
}
