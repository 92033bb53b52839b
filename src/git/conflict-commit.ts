import type { Sha } from '../lib/ids.ts';
import { mergePlaceFor } from './attributes.ts';
import type { ConflictLabels } from './conflict-text.ts';
import { showConflict, showNothingToChange } from './conflict-tree.ts';
import { reportConflict, type ConflictReport } from './merge-tree.ts';
import { unusable } from './merge.ts';
import { readCommit, writeCommit } from './objects.ts';
import type { Unusable } from './outcomes.ts';
import { pickTree } from './pick-tree.ts';
import type { Repository } from './repository.ts';
import { readSeries } from './series.ts';
import type { Signature } from './signature.ts';

/** A series to be carried over as one commit with its conflicts in it. */
export interface ConflictPlan {
  readonly onto: Sha;
  /** Oldest first; at least one. */
  readonly commits: readonly Sha[];
  /** Commit the whole change starts from. Left out: first parent of the first commit. */
  readonly base?: Sha | undefined;
  /** May quote the conflict, known only when it is made. */
  readonly message: string | ((report: ConflictReport) => string);
  readonly author: Signature;
  readonly committer: Signature;
  readonly labels: ConflictLabels;
}

/** `clean`: squashed together the commits do fit, although one of them alone did not; no marker is in it. */
export type ConflictCommit =
  | (ConflictReport & {
      readonly kind: 'made';
      readonly commit: Sha;
      readonly tree: Sha;
      readonly clean: boolean;
    })
  | Unusable;

/**
 * Squashes a series to one change, picks that, and commits the result with all its conflicts visible
 * (ruling R26). Never a copy of the target without anything in it.
 */
export async function conflictCommit(
  repository: Repository,
  plan: ConflictPlan,
): Promise<ConflictCommit> {
  const made = await conflictTree(repository, plan);
  if (made.kind !== 'made') return made;
  const { tree, clean, report } = made;
  const message = typeof plan.message === 'string' ? plan.message : plan.message(report);
  const { onto, author, committer } = plan;
  const content = { tree, parents: [onto], author, committer, message };
  return { kind: 'made', commit: await writeCommit(repository, content), tree, clean, ...report };
}

type MadeTree = { kind: 'made'; tree: Sha; clean: boolean; report: ConflictReport } | Unusable;

async function conflictTree(repository: Repository, plan: ConflictPlan): Promise<MadeTree> {
  const target = await readCommit(repository, plan.onto);
  const { result, ours, theirs } = await pickSquashed(repository, plan, target.tree);
  if (result.kind === 'unrelated' || result.kind === 'invalid') return unusable(result);
  if (result.kind === 'merged') {
    const report = { files: [], output: '' };
    if (result.tree !== target.tree)
      return { kind: 'made', tree: result.tree, clean: true, report };
    const tree = await showNothingToChange(repository, target.tree, plan.labels);
    return { kind: 'made', tree, clean: false, report };
  }
  const names = new Map([
    [ours, plan.labels.ours],
    [theirs, plan.labels.theirs],
  ]);
  const report = reportConflict(result, names);
  const { labels } = plan;
  const ids = { ours, theirs };
  const tree = await showConflict(repository, {
    merge: result,
    ids,
    labels,
    output: report.output,
  });
  return { kind: 'made', tree, clean: false, report };
}

async function pickSquashed(repository: Repository, plan: ConflictPlan, onto: Sha) {
  const [first] = await readSeries(repository, plan.commits.slice(0, 1));
  const last = plan.commits.at(-1);
  if (!first || last === undefined) throw new TypeError('a conflict of no commits');
  const head = await readCommit(repository, last);
  const base = plan.base === undefined ? first.parent : await startingAt(repository, plan.base);
  const place = await mergePlaceFor(repository, onto);
  const change = { tree: head.tree, commit: null };
  return pickTree(repository, { onto, base, change, place });
}

async function startingAt(repository: Repository, base: Sha) {
  return { commit: base, tree: (await readCommit(repository, base)).tree };
}
