import type { Sha } from '../lib/ids.ts';
import { mergePlaceFor } from './attributes.ts';
import { mergeTrees, reportConflict, type TreeMerge } from './merge-tree.ts';
import { readCommits, writeCommit } from './objects.ts';
import type { MergeOutcome, MergeTreeOutcome, Unusable } from './outcomes.ts';
import type { Repository } from './repository.ts';
import type { Signature } from './signature.ts';

/** Two commits to bring together: `head` is merged into `onto`, whose attributes count. */
export interface MergePair {
  readonly onto: Sha;
  readonly head: Sha;
}

/** A merge and the commit to make of it. */
export interface MergePlan extends MergePair {
  readonly message: string;
  readonly author: Signature;
  readonly committer: Signature;
}

/** Merges in memory; writes no commit. */
export async function mergeToTree(
  repository: Repository,
  { onto, head }: MergePair,
): Promise<MergeTreeOutcome> {
  const [ours, theirs] = await readCommits(repository, [onto, head]);
  if (!ours || !theirs) throw new Error('readCommits gives as many as asked for');
  const place = await mergePlaceFor(repository, ours.tree);
  const result = await mergeTrees(repository, { ours: onto, theirs: head, place });
  if (result.kind === 'merged') return { ...result, changed: result.tree !== ours.tree };
  if (result.kind === 'conflict') {
    const names = new Map([
      [onto, onto.slice(0, 12)],
      [head, head.slice(0, 12)],
    ]);
    return { kind: 'conflict', ...reportConflict(result, names) };
  }
  return unusable(result);
}

/** Gives the two results nobody can do anything about one form. */
export function unusable(result: Extract<TreeMerge, { kind: 'unrelated' | 'invalid' }>): Unusable {
  const detail = result.kind === 'invalid' ? result.detail : 'the histories have no common commit';
  return { kind: result.kind, detail };
}

/** Makes a commit with two parents, target first. */
export function merge(repository: Repository, plan: MergePlan): Promise<MergeOutcome> {
  return mergeAs(repository, plan, [plan.onto, plan.head]);
}

/** Makes one commit on the target with all that the head adds to it. */
export function squash(repository: Repository, plan: MergePlan): Promise<MergeOutcome> {
  return mergeAs(repository, plan, [plan.onto]);
}

async function mergeAs(
  repository: Repository,
  plan: MergePlan,
  parents: readonly Sha[],
): Promise<MergeOutcome> {
  const outcome = await mergeToTree(repository, plan);
  if (outcome.kind !== 'merged') return outcome;
  const { author, committer, message } = plan;
  const content = { tree: outcome.tree, parents, author, committer, message };
  return { ...outcome, commit: await writeCommit(repository, content) };
}
