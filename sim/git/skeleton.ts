import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const CONFIG = `[core]
\trepositoryformatversion = 0
\tfilemode = true
\tbare = true
[gc]
\tauto = 0
[maintenance]
\tauto = false
[uploadpack]
\tallowAnySHA1InWant = true
\tallowFilter = true
[pack]
\twriteBitmaps = false
`;

/**
 * Writes what `git init --bare` writes, without starting git (a world of ten repositories is made in a
 * few milliseconds).
 *
 * @param objects the folder of a shared object store; null gives the repository its own.
 */
export function writeSkeleton(dir: string, objects: string | null): void {
  mkdirSync(join(dir, 'refs', 'heads'), { recursive: true });
  if (objects === null) mkdirSync(join(dir, 'objects', 'pack'), { recursive: true });
  else symlinkSync(objects, join(dir, 'objects'));
  writeFileSync(join(dir, 'config'), CONFIG);
  writeHead(dir, 'master');
}

/** Points HEAD of a bare repository to a branch. */
export function writeHead(dir: string, branch: string): void {
  writeFileSync(join(dir, 'HEAD'), `ref: refs/heads/${branch}\n`);
}
