import type { Commit } from './commit.ts';
import { git } from './process.ts';
import type { Store } from './store.ts';

const remembered = new WeakMap<Store, Map<string, Promise<string | null>>>();

/** The tree of the merge of two commits, or null when it conflicts (or the histories are unrelated). */
export function mergeTrees(store: Store, ours: string, theirs: string): Promise<string | null> {
  const known = remembered.get(store) ?? new Map<string, Promise<string | null>>();
  remembered.set(store, known);
  const key = `${ours} ${theirs}`;
  const found = known.get(key) ?? runMerge(store, ours, theirs);
  known.set(key, found);
  return found;
}

async function runMerge(store: Store, ours: string, theirs: string): Promise<string | null> {
  const result = await git(store.dir, ['merge-tree', '--write-tree', '-z', ours, theirs]);
  return result.code === 0 ? (result.stdout.toString().split('\0')[0]?.trim() ?? null) : null;
}

/**
 * Copies commits one by one onto another, as GitHub's "rebase and merge" does: each copy gets a new
 * committer.
 *
 * @returns the new head, or null on a conflict.
 */
export async function replay(
  store: Store,
  onto: string,
  work: { commits: readonly Commit[]; committer: Commit['committer'] },
): Promise<string | null> {
  let head = onto;
  for (const commit of work.commits) {
    const tree = await pickTree(store, head, commit);
    if (tree === null) return null;
    const { author, message } = commit;
    head = store.writeCommit({
      tree,
      parents: [head],
      author,
      committer: work.committer,
      message,
    });
  }
  return head;
}

/** A stand-in with our tree and the picked commit's parent makes that parent the merge base. */
async function pickTree(store: Store, onto: string, commit: Commit): Promise<string | null> {
  const ours = await store.commit(onto);
  if (!ours) return null;
  const { author, committer } = commit;
  const parents = commit.parents.slice(0, 1);
  const message = 'stand-in';
  const standIn = store.writeCommit({ tree: ours.tree, parents, author, committer, message });
  return mergeTrees(store, standIn, commit.sha);
}
