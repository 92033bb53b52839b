// Where tests make their folders. Plain JavaScript of an old style, as whatever runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MEMORY = '/dev/shm';
const ROOM_BYTES = 4 * 1024 ** 3; // a run was seen to take one GiB at most

/**
 * The folder for temporary files of a run of the tests: in memory where Linux offers it with room and lets programs run there, since
 * a run makes and removes millions of files; else what the system, or whoever set TMPDIR, says.
 */
export function roomForTests() {
  if (process.env.TMPDIR !== undefined) return process.env.TMPDIR;
  return hasRoom(MEMORY) && runsPrograms(MEMORY) ? MEMORY : tmpdir();
}

function hasRoom(folder) {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize >= ROOM_BYTES;
  } catch {
    return false;
  }
}

/** Containers often mount it `noexec`, and some tests put a program of their own before git. */
function runsPrograms(folder) {
  let own;
  try {
    own = mkdtempSync(join(folder, 'stagecoach-probe-'));
    const program = join(own, 'probe');
    writeFileSync(program, '#!/bin/sh\nexit 0\n', { mode: 0o755 });
    return spawnSync(program).status === 0;
  } catch {
    return false;
  } finally {
    if (own !== undefined) rmSync(own, { recursive: true });
  }
}
