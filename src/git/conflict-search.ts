import { sha, type Sha } from '../lib/ids.ts';
import { emptyTree } from './attributes.ts';
import { readCommit } from './objects.ts';
import { runIn, type Repository } from './repository.ts';
import { records } from './text.ts';

/**
 * Tells whether a commit brings conflict markers: a file has more of them than where its history left `ours`,
 * usually the target (left out: the first parent). Counting the difference keeps out files which hold markers
 * for good reason, as tests of merges do, also when the target has changed them since.
 */
export async function hasConflictMarkers(
  repository: Repository,
  commit: Sha,
  ours?: Sha,
): Promise<boolean> {
  const from = ours
    ? await mergeBase(repository, ours, commit)
    : await firstParent(repository, commit);
  const flags = ['-r', '-z', '--raw', '--no-abbrev', '--no-renames', '--no-ext-diff'];
  // Only files with a marker line among those added or removed: the rest need not be read.
  const search = ['--no-textconv', '-G', '^(<{7}|>{7}) '];
  const args = ['diff-tree', ...flags, ...search, '--end-of-options', from, commit];
  const { stdout } = await runIn(repository, { args });
  const pairs = records(stdout)
    .filter((field) => field.startsWith(':'))
    .map(blobPair);
  for (const pair of pairs) {
    const [old, now] = await repository.objects.read(pair);
    if (countMarkers(now?.content) > countMarkers(old?.content)) return true;
  }
  return false;
}

async function mergeBase(repository: Repository, ours: Sha, commit: Sha): Promise<Sha> {
  const { stdout } = await runIn(repository, { args: ['merge-base', ours, commit] }, [0, 1]);
  const base = stdout.toString().trim();
  return base === '' ? emptyTree(commit) : sha(base);
}

async function firstParent(repository: Repository, commit: Sha): Promise<Sha> {
  const { parents } = await readCommit(repository, commit);
  return parents[0] ?? emptyTree(commit);
}

/** Old and new blob of a raw record; the id of nothing is all zeros, and reading it gives null. */
function blobPair(record: string): [Sha, Sha] {
  const [, , old = '', now = ''] = record.split(' ');
  return [sha(old), sha(now)];
}

function countMarkers(content: Buffer | undefined): number {
  if (!content) return 0;
  const text = content.toString('latin1');
  const starts = text.match(/^<{7} /gm)?.length ?? 0;
  const ends = text.match(/^>{7} /gm)?.length ?? 0;
  return Math.min(starts, ends);
}
