import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode, UserError } from '../lib/errors.ts';

/** The mark of a world that runs: a file beside its folder, so that no second world takes the folder away. */
export interface Mark {
  /** Writes into it where the world answers. */
  readonly tell: (address: string) => Promise<void>;
  readonly remove: () => Promise<void>;
}

interface Written {
  readonly pid: number;
  /** Null while the world is starting. */
  readonly address: string | null;
}

/**
 * Claims a place for this process. What a dead process left, or a file that is no mark, is no claim.
 *
 * @throws UserError when a living process has it.
 */
export async function claimPlace(file: string): Promise<Mark> {
  await mkdir(dirname(file), { recursive: true });
  const write = (address: string | null, flag: 'w' | 'wx'): Promise<void> => {
    const mark: Written = { pid: process.pid, address };
    return writeFile(file, `${JSON.stringify(mark)}\n`, { flag });
  };
  try {
    await write(null, 'wx');
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    await refuseLiving(file);
    await rm(file, { force: true });
    await write(null, 'wx');
  }
  return { tell: (address) => write(address, 'w'), remove: () => rm(file, { force: true }) };
}

async function refuseLiving(file: string): Promise<void> {
  const found = parseMark(await readFile(file, 'utf8').catch(() => ''));
  if (found === null || found.pid === process.pid || !isAlive(found.pid)) return;
  const where = found.address ?? 'still starting';
  throw new UserError({
    code: 'refused',
    detail: `a demo already runs here (process ${found.pid}, ${where}): stop it first (kill ${found.pid}), or remove ${file} if that process is something else`,
  });
}

function parseMark(text: string): Written | null {
  const found = /^\{"pid":(\d+),"address":(?:null|"([^"]*)")\}\s*$/.exec(text);
  return found === null ? null : { pid: Number(found[1]), address: found[2] ?? null };
}

/** Signal 0 asks only; a process of somebody else may not even be asked, but is there. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}
