import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sha } from '../lib/ids.ts';
import { runIn, type Repository } from './repository.ts';

const MAINTENANCE_TIMEOUT_MS = 60 * 60_000;

/**
 * Packs a clone and drops what nobody needs: fetched commits not in `keep`, with what only they hold, once it
 * is two weeks old. Younger objects stay, so results of merges that wait for CI need no anchor (F-097). A clone that
 * was never filled costs no git: each first start comes by here.
 */
export function maintain(repository: Repository, keep: readonly Sha[]): Promise<void> {
  return repository.lock.run(async () => {
    if (await isEmpty(repository)) return;
    await dropAnchors(repository, new Set<string>(keep));
    const args = ['gc', '--quiet', '--prune=2.weeks.ago'];
    await runIn(repository, { args, timeoutMs: MAINTENANCE_TIMEOUT_MS });
  });
}

/** Whether there is neither a loose object nor a pack. A clone that cannot be read is git's to judge. */
async function isEmpty({ dir }: Repository): Promise<boolean> {
  const objects = join(dir, 'objects');
  try {
    const loose = (await readdir(objects)).filter((name) => name.length === 2);
    return loose.length === 0 && (await readdir(join(objects, 'pack'))).length === 0;
  } catch {
    return false;
  }
}

async function dropAnchors(repository: Repository, keep: ReadonlySet<string>): Promise<void> {
  const list = ['for-each-ref', '--format=%(refname)', 'refs/bot/commit'];
  const { stdout } = await runIn(repository, { args: list });
  const anchors = stdout.toString().split('\n').filter(Boolean);
  const dropped = anchors.filter((ref) => !keep.has(ref.slice('refs/bot/commit/'.length)));
  if (dropped.length === 0) return;
  const input = dropped.map((ref) => `delete ${ref}\0\0`).join('');
  await runIn(repository, { args: ['update-ref', '--stdin', '-z'], input });
}
