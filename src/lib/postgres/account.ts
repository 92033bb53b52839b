import { execFile, spawn } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { chown, readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { errorCode, isError } from '../errors.ts';
import { postgresError } from './failure.ts';

/** Nothing is inherited: no PG* variable, no library path, no locale of the person who started us. */
const ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
const SETPRIV = '/usr/bin/setpriv';
const RIGHTS = ['--clear-groups', '--inh-caps=+dac_override', '--ambient-caps=+dac_override'];

/** The account that PostgreSQL runs as: it refuses to run as root. */
export interface Account {
  /** False when it is our own account. */
  readonly isOther: boolean;
  /** Whether it reaches data below folders that are closed to it. */
  readonly walksAnywhere: boolean;
  /** Gives a file or folder to the account. */
  own(path: string): Promise<void>;
  /** Starts a program as the account, with an empty environment, in a session of its own. */
  launch(command: string, args: readonly string[], stdio: SpawnOptions['stdio']): ChildProcess;
  /** What the program calls its version. @throws one line that says what to do, when it cannot run. */
  version(program: string): Promise<string>;
}

/**
 * Chooses the account. An ordinary user: himself. Root: whom the data already belongs to, else `nobody`
 * (initdb wants an account with an entry in passwd). Where util-linux' setpriv exists, that account keeps the
 * right to walk through folders that are closed to it (the data may lie below a closed home folder);
 * without it only the uid changes.
 */
export async function chooseAccount(data: string): Promise<Account> {
  if (process.getuid?.() !== 0) return ourselves;
  const ids = (await ownerOf(data)) ?? (await nobody());
  return (await canSetRights(ids)) ? withRights(ids) : withIdsOnly(ids);
}

interface Ids {
  readonly uid: number;
  readonly gid: number;
}

const run = promisify(execFile);

const ourselves: Account = {
  isOther: false,
  walksAnywhere: true,
  own: () => Promise.resolve(),
  launch: (command, args, stdio) =>
    spawn(command, args, { stdio, env: ENVIRONMENT, detached: true, cwd: '/' }),
  version: (program) => askVersion(program, ['--version'], {}),
};

function withRights({ uid, gid }: Ids): Account {
  const prefix = [`--reuid=${uid}`, `--regid=${gid}`, ...RIGHTS, '--'];
  return {
    isOther: true,
    walksAnywhere: true,
    own: (path) => chown(path, uid, gid),
    launch: (command, args, stdio) =>
      spawn(SETPRIV, [...prefix, command, ...args], {
        ...{ stdio, env: ENVIRONMENT, detached: true, cwd: '/' },
      }),
    version: (program) => askVersion(SETPRIV, [...prefix, program, '--version'], {}),
  };
}

function withIdsOnly({ uid, gid }: Ids): Account {
  return {
    isOther: true,
    walksAnywhere: false,
    own: (path) => chown(path, uid, gid),
    launch: (command, args, stdio) =>
      spawn(command, args, { stdio, env: ENVIRONMENT, detached: true, cwd: '/', uid, gid }),
    version: (program) => askVersion(program, ['--version'], { uid, gid }),
  };
}

async function askVersion(command: string, args: string[], ids: Partial<Ids>): Promise<string> {
  try {
    const options = { env: ENVIRONMENT, cwd: '/', timeout: 20_000, ...ids };
    return (await run(command, args, options)).stdout.trim();
  } catch (error) {
    const as = ids.uid === undefined ? '' : ` as the account with uid ${ids.uid}`;
    const advice = 'run stagecoach as an ordinary user, or set database.url';
    throw postgresError(`its program cannot be started here${as}`, advice, error);
  }
}

async function canSetRights({ uid, gid }: Ids): Promise<boolean> {
  try {
    const args = [`--reuid=${uid}`, `--regid=${gid}`, ...RIGHTS, '--', '/bin/sh', '-c', ':'];
    await run(SETPRIV, args, { env: ENVIRONMENT, cwd: '/', timeout: 20_000 });
    return true;
  } catch (error) {
    if (isError(error)) return false; // no setpriv, or a container without these rights
    throw error;
  }
}

async function ownerOf(data: string): Promise<Ids | undefined> {
  try {
    const { uid, gid } = await stat(data);
    return uid === 0 ? undefined : { uid, gid };
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) return undefined;
    throw error;
  }
}

async function nobody(): Promise<Ids> {
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n');
  const [, , uid, gid] = lines.find((line) => line.startsWith('nobody:'))?.split(':') ?? [];
  // A negative id (macOS) is the same number seen unsigned.
  return { uid: Number(uid ?? 65534) >>> 0, gid: Number(gid ?? 65534) >>> 0 };
}
