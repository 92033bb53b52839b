import type { Sha } from '../lib/ids.ts';
import { emptyTree, type MergePlace } from './attributes.ts';
import { mergeTrees, type TreeMerge } from './merge-tree.ts';
import { writeCommit } from './objects.ts';
import type { Repository } from './repository.ts';

/** A change between two trees and the tree it is to be made on. */
export interface TreePick {
  readonly onto: Sha;
  /** Commit whose tree the change starts from; null: from nothing. */
  readonly base: { readonly commit: Sha; readonly tree: Sha } | null;
  /** Where the change ends; `commit` if that tree is the one of a commit with `base` in its history. */
  readonly change: { readonly tree: Sha; readonly commit: Sha | null };
  readonly place: MergePlace;
}

/** The picked tree, and the ids git's messages call the two sides by. */
export interface PickedTree {
  readonly result: TreeMerge;
  readonly ours: Sha;
  readonly theirs: Sha;
}

/** `git` gives commits of the same content the same id; this one keeps stand-ins from looking like work. */
const NOBODY = { name: 'stand-in', email: '', date: '0 +0000' };

/**
 * Carries a change over to another tree. Git 2.39 knows no `merge-tree --merge-base`, so both sides are
 * stand-in commits on the base: then their merge base is what it must be (house.md traps 5 and 18).
 * A commit that has the base in its history stands for itself.
 */
export async function pickTree(repository: Repository, pick: TreePick): Promise<PickedTree> {
  const { onto, change } = pick;
  const empty = emptyTree(onto);
  if (onto === (pick.base?.tree ?? empty)) return trivially(change.tree, pick);
  if (change.tree === (pick.base?.tree ?? empty)) return trivially(onto, pick);
  const base = pick.base?.commit ?? (await writeStandIn(repository, empty, []));
  const ours = await writeStandIn(repository, onto, [base]);
  const theirs =
    pick.base && change.commit
      ? change.commit
      : await writeStandIn(repository, change.tree, [base]);
  const result = await mergeTrees(repository, { ours, theirs, place: pick.place });
  return { result, ours, theirs };
}

/** One side changed nothing: the other is the result, whatever the attributes are. */
function trivially(tree: Sha, pick: TreePick): PickedTree {
  return { result: { kind: 'merged', tree }, ours: pick.onto, theirs: pick.change.tree };
}

function writeStandIn(repository: Repository, tree: Sha, parents: readonly Sha[]): Promise<Sha> {
  const message = 'stand-in\n';
  return writeCommit(repository, { tree, parents, author: NOBODY, committer: NOBODY, message });
}
