import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { errorCode } from '../errors.ts';

const run = promisify(execFile);

/** Whether a process with this id exists, ours or not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/** Waits until the process is gone. @returns false when it is still there after the time. */
export async function waitForEnd(pid: number, withinMs: number): Promise<boolean> {
  for (let waited = 0; isAlive(pid); waited += 20) {
    if (waited >= withinMs) return false;
    await pause(20);
  }
  return true;
}

/** A server that an earlier run left behind. */
export interface Leftover {
  readonly pid: number;
  readonly port: number;
}

/**
 * Finds the server that already runs on the data. A `postmaster.pid` that tells of a process which is gone,
 * or whose number now belongs to another program (usual after a container restarts), is removed: PostgreSQL
 * itself would refuse to start on the latter.
 */
export async function findRunning(data: string): Promise<Leftover | undefined> {
  const file = join(data, 'postmaster.pid');
  const lines = (await readIfThere(file))?.split('\n');
  if (lines === undefined) return undefined;
  const pid = Number(lines[0]); // line 1: pid; line 4: port (PostgreSQL 9.1 and later)
  if (Number.isInteger(pid) && pid > 0 && (await isServerOf(pid, data))) {
    return { pid, port: Number(lines[3]) };
  }
  await rm(file, { force: true });
  return undefined;
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** The server is always started with the whole path of its data on its command line. */
async function isServerOf(pid: number, data: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  const words = await commandLine(pid);
  return words.includes('postgres') && words.includes(data);
}

/** The words a process was started with; empty when it is gone. */
export async function commandLine(pid: number): Promise<string> {
  if (process.platform === 'linux') return (await readIfThere(`/proc/${pid}/cmdline`)) ?? '';
  try {
    return (await run('/bin/ps', ['-ww', '-p', String(pid), '-o', 'command='])).stdout;
  } catch (error) {
    if (isAlive(pid)) throw error;
    return ''; // it ended while we looked
  }
}
