import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const HALF_PACK = /^\.?tmp[_-]/;

/**
 * Removes what a git that was killed, or found no room, left in a clone: lock files, half-written packs and objects
 * (reliability.md F-094, F-095).
 *
 * @param before by the clock of files, in milliseconds: what is younger may be at work.
 */
export async function removeGitLeftovers(dir: string, before = performance.timeOrigin) {
  const old = { before, named: /\.lock$|(?:^|\/)\.?tmp[_-][^/]*$/ };
  await removeOld(dir, { ...old, deep: false });
  for (const folder of ['refs', 'objects'])
    await removeOld(join(dir, folder), { ...old, deep: true });
}

/** Removes half-written packs. Only who holds the clone's lock may: packs are written under it alone. */
export async function removeHalfPacks(dir: string): Promise<void> {
  const all = { deep: false, named: HALF_PACK, before: Infinity };
  await removeOld(join(dir, 'objects', 'pack'), all);
}

/** Removes scratch folders which a killed bot left among the clones. */
export async function removeScratch(root: string, overlays: string): Promise<void> {
  const old = { deep: false, before: performance.timeOrigin }; // younger things are at work
  await removeOld(root, { ...old, named: /^new-/ });
  await removeOld(overlays, { ...old, named: /^(blobs|index|new|probe)-/ });
}

async function removeOld(
  folder: string,
  which: { deep: boolean; named: RegExp; before: number },
): Promise<void> {
  const names = await readdir(folder, { recursive: which.deep }).catch(absent);
  for (const path of names.filter((name) => which.named.test(name))) {
    const found = await stat(join(folder, path)).catch(() => null); // gone meanwhile is as good
    if (found !== null && found.mtimeMs < which.before)
      await rm(join(folder, path), { recursive: true, force: true });
  }
}

function absent(error: unknown): string[] {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
  throw error;
}
