import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { openSync, closeSync, readFileSync, renameSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Account } from './account.ts';
import type { Cluster } from './cluster.ts';
import { lastLine } from './cluster.ts';
import { isAlive, waitForEnd } from './process.ts';

const LOG_LIMIT_BYTES = 10_000_000;

/** A server process: one we started, or one we took over. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** Whether it is still there. */
  isRunning(): boolean;
  /** The line of its output that tells why it ended. */
  lastWords(): string;
}

const COMMON = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '', // its account may not write to the temporary folder, and nobody needs one
  jit: 'off', // the package brings no LLVM
};
const LASTING = { ...COMMON, max_connections: '100' };
const FAST = {
  ...{ ...COMMON, max_connections: '300', fsync: 'off', full_page_writes: 'off' },
  ...{ synchronous_commit: 'off', wal_level: 'minimal', max_wal_senders: '0' },
};

/** Starts the server on a free port. It is not ready yet, and may still fail. */
export async function launch(options: {
  cluster: Cluster;
  account: Account;
  program: string;
  fast: boolean;
}): Promise<Postmaster> {
  const { cluster, account, program, fast } = options;
  const port = await findFreePort();
  const settings = Object.entries(fast ? FAST : LASTING).flatMap(([k, v]) => ['-c', `${k}=${v}`]);
  const { fd, from } = openLog(cluster.log);
  try {
    const args = ['-D', cluster.data, '-p', String(port), ...settings];
    const child = account.launch(program, args, ['ignore', fd, fd]);
    const pid = await pidOf(child);
    const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
    return { pid, port, isRunning, lastWords: () => readFrom(cluster.log, from) };
  } finally {
    closeSync(fd);
  }
}

/** A server that somebody else started, by its process id. */
export function adopt({ pid, port }: { pid: number; port: number }, cluster: Cluster): Postmaster {
  const lastWords = (): string => readFrom(cluster.log, 0);
  return { pid, port, isRunning: () => isAlive(pid), lastWords };
}

/**
 * Stops the server: a fast shutdown (sessions are cut, data is flushed), after the first bound an immediate
 * one (the next start recovers from the log), at last by force.
 */
export async function stop({ pid }: Postmaster, patienceMs: number): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    if (!isAlive(pid)) return;
    process.kill(pid, signal);
    if (await waitForEnd(pid, signal === 'SIGINT' ? patienceMs : 1000)) return;
  }
}

/**
 * Sees to it that the server ends with us even when we are killed: a shell, in a session of its own so that
 * no signal to our group reaches it, waits on a pipe from us; when the pipe closes unsaid, it stops the server.
 *
 * @returns how to dismiss it.
 */
export function guard(pid: number): () => void {
  const script = 'read -r word || kill -INT "$1"';
  const child = spawn('/bin/sh', ['-c', script, 'sh', String(pid)], {
    ...{ stdio: ['pipe', 'ignore', 'ignore'], detached: true, cwd: '/', env: {} },
  });
  child.on('error', () => undefined); // no shell: then the server of a killed bot is adopted at the next start
  child.stdin.on('error', () => undefined); // it has ended already
  child.unref();
  return () => child.stdin.end('dismissed\n');
}

function pidOf(child: ChildProcess): Promise<number> {
  child.unref();
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => (child.pid === undefined ? undefined : resolve(child.pid)));
  });
}

/** A free port may be taken before the server binds it: the caller tries again. */
function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

function openLog(path: string): { fd: number; from: number } {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_LIMIT_BYTES) renameSync(path, `${path}.old`);
  return { fd: openSync(path, 'a', 0o600), from: size > LOG_LIMIT_BYTES ? 0 : size };
}

function readFrom(path: string, offset: number): string {
  return lastLine(readFileSync(path).subarray(offset).toString('utf8'));
}
