import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const GIT_FOLDERS = ['', 'refs', 'objects/pack', 'objects/info'];

/** Removes what a killed git left in a clone: lock files and half-written packs (reliability.md F-094, F-095). */
export async function removeGitLeftovers(dir: string): Promise<void> {
  for (const folder of GIT_FOLDERS) {
    const deep = folder === 'refs';
    await removeOld(join(dir, folder), { deep, named: /\.lock$|^tmp_/ });
  }
}

/** Removes scratch folders which a killed bot left among the clones. */
export async function removeScratch(root: string, overlays: string): Promise<void> {
  await removeOld(root, { deep: false, named: /^new-/ });
  await removeOld(overlays, { deep: false, named: /^(blobs|index|new|probe)-/ });
}

/** Only what is older than this process: younger things are at work. */
async function removeOld(folder: string, which: { deep: boolean; named: RegExp }): Promise<void> {
  const names = await readdir(folder, { recursive: which.deep }).catch(absent);
  for (const path of names.filter((name) => which.named.test(name))) {
    const { mtimeMs } = await stat(join(folder, path));
    if (mtimeMs < performance.timeOrigin) {
      await rm(join(folder, path), { recursive: true, force: true });
    }
  }
}

function absent(error: unknown): string[] {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
  throw error;
}
