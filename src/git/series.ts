import type { Sha } from '../lib/ids.ts';
import { mergePlaceFor, type MergePlace } from './attributes.ts';
import { reportConflict } from './merge-tree.ts';
import { unusable } from './merge.ts';
import { readCommit, readCommits, writeCommit, type Commit } from './objects.ts';
import type { Copies, PickOutcome, RebaseOutcome, SeriesStop } from './outcomes.ts';
import { pickTree } from './pick-tree.ts';
import type { Repository } from './repository.ts';

/** Commits to copy onto another one, oldest first. */
export interface SeriesPlan {
  readonly onto: Sha;
  readonly commits: readonly Sha[];
  /** New message of each copy; left out, messages stay. */
  readonly rewrite?: ((commit: Commit) => string) | undefined;
  /** Git date of every copy (see `gitDate`); author, author date, committer name and e-mail stay. */
  readonly committerDate: string;
}

/**
 * Recreates commits one by one on the target, as the merge methods rebase-ff and rebase-merge need them.
 * Commits that were empty from the start stay.
 */
export async function rebase(repository: Repository, plan: SeriesPlan): Promise<RebaseOutcome> {
  const series = await readSeries(repository, plan.commits);
  const merging = series.find(({ commit }) => commit.parents.length > 1);
  if (merging) return { kind: 'merge-commit', commit: merging.commit.sha };
  const result = await copySeries(repository, { ...plan, series, empty: 'keep' });
  if ('head' in result) return { kind: 'rebased', ...result };
  return result.kind === 'empty' ? { kind: 'emptied', commit: result.commit } : result;
}

/** Copies commits for a port: merges count relative to their first parent, nothing may come out empty (R30). */
export async function pick(repository: Repository, plan: SeriesPlan): Promise<PickOutcome> {
  const series = await readSeries(repository, plan.commits);
  const result = await copySeries(repository, { ...plan, series, empty: 'stop' });
  return 'head' in result ? { kind: 'picked', ...result } : result;
}

/** A commit with the one its change is counted from; null at the beginning of a history. */
export interface Change {
  readonly commit: Commit;
  readonly parent: { readonly commit: Sha; readonly tree: Sha } | null;
}

/** Reads commits and their first parents. @throws GitError when one is missing. */
export async function readSeries(repository: Repository, shas: readonly Sha[]): Promise<Change[]> {
  const commits = await readCommits(repository, shas);
  const known = new Map(commits.map((commit) => [commit.sha, commit]));
  const wanted = commits.flatMap(({ parents }) => parents.slice(0, 1));
  const outside = [...new Set(wanted)].filter((parent) => !known.has(parent));
  for (const parent of await readCommits(repository, outside)) known.set(parent.sha, parent);
  return commits.map((commit) => {
    const [first] = commit.parents;
    const parent = first === undefined ? undefined : known.get(first);
    return { commit, parent: parent ? { commit: parent.sha, tree: parent.tree } : null };
  });
}

interface CopyPlan extends SeriesPlan {
  readonly series: readonly Change[];
  readonly empty: 'keep' | 'stop';
}

type CopyResult = Copies | SeriesStop | { readonly kind: 'empty'; readonly commit: Sha };

async function copySeries(repository: Repository, plan: CopyPlan): Promise<CopyResult> {
  const target = await readCommit(repository, plan.onto);
  const place = await mergePlaceFor(repository, target.tree);
  const copies = new Map<Sha, Sha>();
  let tip = { sha: plan.onto, tree: target.tree };
  for (const change of plan.series) {
    const picked = await applyChange(repository, { change, onto: tip, place });
    if (picked.kind !== 'merged') return picked;
    if (picked.tree === tip.tree && !mayStayEmpty(change, plan)) {
      return { kind: 'empty', commit: change.commit.sha };
    }
    const copy = await writeCopy(repository, plan, { change, parent: tip.sha, tree: picked.tree });
    copies.set(change.commit.sha, copy);
    tip = { sha: copy, tree: picked.tree };
  }
  return { head: tip.sha, tree: tip.tree, copies };
}

function mayStayEmpty({ commit, parent }: Change, plan: CopyPlan): boolean {
  return plan.empty === 'keep' && commit.tree === parent?.tree;
}

function writeCopy(
  repository: Repository,
  plan: SeriesPlan,
  copy: { change: Change; parent: Sha; tree: Sha },
): Promise<Sha> {
  const { commit } = copy.change;
  return writeCommit(repository, {
    tree: copy.tree,
    parents: [copy.parent],
    author: commit.author,
    committer: { ...commit.committer, date: plan.committerDate },
    message: plan.rewrite?.(commit) ?? commit.message,
  });
}

async function applyChange(
  repository: Repository,
  plan: { change: Change; onto: { sha: Sha; tree: Sha }; place: MergePlace },
): Promise<{ kind: 'merged'; tree: Sha } | SeriesStop> {
  const { change, onto, place } = plan;
  const { result, ours, theirs } = await pickTree(repository, {
    onto: onto.tree,
    base: change.parent,
    change: { tree: change.commit.tree, commit: change.commit.sha },
    place,
  });
  if (result.kind === 'merged') return result;
  const commit = change.commit.sha;
  if (result.kind !== 'conflict') return { ...unusable(result), commit };
  const names = new Map([
    [ours, onto.sha.slice(0, 12)],
    [theirs, commit.slice(0, 12)],
  ]);
  return { kind: 'conflict', commit, ...reportConflict(result, names) };
}
