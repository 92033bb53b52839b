import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sha, type Sha } from '../lib/ids.ts';
import { runIn, type Repository } from './repository.ts';
import { records } from './text.ts';

/** A file, symbolic link or submodule of a tree. */
export interface TreeEntry {
  readonly mode: string;
  readonly id: Sha;
}

/** Lists everything in a tree by its path, as Latin-1. */
export async function readTree(repository: Repository, tree: Sha): Promise<Map<string, TreeEntry>> {
  const args = ['ls-tree', '-r', '-z', '--full-tree', '--end-of-options', tree];
  const { stdout } = await runIn(repository, { args });
  return new Map(
    records(stdout).map((record) => {
      const tab = record.indexOf('\t');
      const [mode = '', , id = ''] = record.slice(0, tab).split(' ');
      return [record.slice(tab + 1), { mode, id: sha(id) }] as const;
    }),
  );
}

/** Writes a tree like another one but for some paths (Latin-1); null takes a path out. */
export async function editTree(
  repository: Repository,
  tree: Sha,
  edits: ReadonlyMap<string, TreeEntry | null>,
): Promise<Sha> {
  if (edits.size === 0) return tree;
  const folder = await mkdtemp(join(repository.overlays, 'index-'));
  const env = { GIT_INDEX_FILE: join(folder, 'index') };
  try {
    await runIn(repository, { args: ['read-tree', tree], env });
    const input = Buffer.from(indexInfo(edits, tree), 'latin1');
    await runIn(repository, { args: ['update-index', '-z', '--index-info'], env, input });
    const { stdout } = await runIn(repository, { args: ['write-tree'], env });
    return sha(stdout.toString().trim());
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Removals first: a file may come where a folder was. */
function indexInfo(edits: ReadonlyMap<string, TreeEntry | null>, like: Sha): string {
  const nothing = '0'.repeat(like.length);
  const sorted = [...edits].toSorted(([, a], [, b]) => Number(a !== null) - Number(b !== null));
  return sorted
    .map(([path, entry]) => `${entry?.mode ?? '0'} ${entry?.id ?? nothing}\t${path}\0`)
    .join('');
}
