import type { TreeEntry } from './tree.ts';
import type { Call } from '../http/call.ts';
import type { Repository } from '../state/types.ts';

/** One change to a tree: a null sha removes the path. */
export interface TreeChange {
  readonly path: string;
  readonly mode: string;
  readonly sha: string | null;
}

/** Writes a tree with some paths changed, folder by folder; gives its id. */
export async function changeTree(
  call: Pick<Call, 'sim'>,
  repository: Repository,
  what: { base: string | null; changes: readonly TreeChange[] },
): Promise<string> {
  const store = call.sim.store(repository.networkId);
  const entries = new Map<string, TreeEntry>();
  if (what.base !== null)
    for (const one of (await store.tree(what.base))?.entries ?? []) entries.set(one.path, one);
  const deeper = new Map<string, TreeChange[]>();
  for (const change of what.changes) {
    const slash = change.path.indexOf('/');
    if (slash > 0) {
      const folder = change.path.slice(0, slash);
      deeper.set(folder, [
        ...(deeper.get(folder) ?? []),
        { ...change, path: change.path.slice(slash + 1) },
      ]);
    } else if (change.sha === null) entries.delete(change.path);
    else entries.set(change.path, { mode: change.mode, path: change.path, sha: change.sha });
  }
  for (const [path, changes] of deeper) {
    const old = entries.get(path);
    const base = old?.mode === '040000' ? old.sha : null;
    const sha = await changeTree(call, repository, { base, changes });
    if (sha === '4b825dc642cb6eb9a060e54bf8d69288fbee4904') entries.delete(path);
    else entries.set(path, { mode: '040000', path, sha });
  }
  return store.writeTree([...entries.values()]);
}
