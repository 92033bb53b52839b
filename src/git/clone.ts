import type { Sha } from '../lib/ids.ts';
import { conflictCommit, type ConflictCommit, type ConflictPlan } from './conflict-commit.ts';
import { fetchCommits, type FetchOutcome, type FetchPlan } from './fetch.ts';
import {
  changedPaths,
  countBehind,
  isAncestor,
  listCommits,
  listFirstParents,
  type CommitRange,
} from './history.ts';
import { hasConflictMarkers } from './conflict-search.ts';
import { maintain } from './maintain.ts';
import { merge, mergeToTree, squash, type MergePair, type MergePlan } from './merge.ts';
import { readCommit, writeCommit, type Commit, type CommitContent } from './objects.ts';
import type { MergeOutcome, MergeTreeOutcome, PickOutcome, RebaseOutcome } from './outcomes.ts';
import { pushBranches, type PushOptions, type PushOutcome, type PushUpdate } from './push.ts';
import { readRemoteHeads, type Remote } from './remote.ts';
import type { Repository } from './repository.ts';
import { pick, rebase, type SeriesPlan } from './series.ts';

/**
 * A bare clone of one repository, with its remote. Every method throws `GitError` when git, the disk or the
 * network fails (also when a commit is asked for that was not fetched); all expected results are values.
 * Nothing but `fetch`, `push` and `remoteHeads` talks to the remote.
 */
export interface Clone {
  remoteHeads(branches: readonly string[]): Promise<Map<string, Sha>>;
  fetch(plan: FetchPlan): Promise<FetchOutcome>;
  push(updates: readonly PushUpdate[], options?: PushOptions): Promise<PushOutcome>;

  /** Tells whether a commit is here; its history is, if it was fetched or made here. */
  has(sha: Sha): Promise<boolean>;
  commit(sha: Sha): Promise<Commit>;
  tree(commit: Sha): Promise<Sha>;
  /** Parents first; with a limit the newest ones. */
  commits(exclude: Sha, head: Sha, limit?: number): Promise<Commit[]>;
  /** Newest first, at most so many: what a branch went through, without what was merged into it. */
  firstParents(head: Sha, limit: number): Promise<Commit[]>;
  isAncestor(older: Sha, newer: Sha): Promise<boolean>;
  /** First-parent commits of `base`, the target, which `head` does not have. */
  behind(base: Sha, head: Sha): Promise<number>;
  /** Null: more than can be looked at. */
  changedPaths(from: Sha, to: Sha): Promise<Set<string> | null>;
  hasConflictMarkers(commit: Sha, ours?: Sha): Promise<boolean>;

  /** Packs the clone; commits fetched for something else than `keep` may go. Takes minutes for a big one. */
  maintain(keep: readonly Sha[]): Promise<void>;

  mergeTree(pair: MergePair): Promise<MergeTreeOutcome>;
  merge(plan: MergePlan): Promise<MergeOutcome>;
  squash(plan: MergePlan): Promise<MergeOutcome>;
  rebase(plan: SeriesPlan): Promise<RebaseOutcome>;
  pick(plan: SeriesPlan): Promise<PickOutcome>;
  conflictCommit(plan: ConflictPlan): Promise<ConflictCommit>;
  /** Writes a commit of a tree that is here already: dummy commits, replicas of merges. */
  commitTree(content: CommitContent): Promise<Sha>;
}

/** Ties the functions of this room to one repository and its remote. */
export function createClone(repository: Repository, remote: Remote): Clone {
  return {
    ...readers(repository),
    ...writers(repository),
    remoteHeads: (branches) => readRemoteHeads(repository, remote, branches),
    maintain: (keep) => maintain(repository, keep),
    fetch: (plan) => fetchCommits(repository, remote, plan),
    push: (updates, options) => pushBranches(repository, remote, { updates, options }),
  };
}

function readers(repository: Repository) {
  return {
    has: async (sha: Sha) => (await repository.objects.read([sha]))[0]?.type === 'commit',
    commit: (sha: Sha) => readCommit(repository, sha),
    tree: async (sha: Sha) => (await readCommit(repository, sha)).tree,
    commits: (exclude: Sha, head: Sha, limit?: number) =>
      listCommits(repository, { exclude, head, limit } satisfies CommitRange),
    firstParents: (head: Sha, limit: number) => listFirstParents(repository, head, limit),
    isAncestor: (older: Sha, newer: Sha) => isAncestor(repository, older, newer),
    behind: (base: Sha, head: Sha) => countBehind(repository, base, head),
    changedPaths: (from: Sha, to: Sha) => changedPaths(repository, from, to),
    hasConflictMarkers: (sha: Sha, ours?: Sha) => hasConflictMarkers(repository, sha, ours),
  };
}

function writers(repository: Repository) {
  return {
    mergeTree: (pair: MergePair) => mergeToTree(repository, pair),
    merge: (plan: MergePlan) => merge(repository, plan),
    squash: (plan: MergePlan) => squash(repository, plan),
    rebase: (plan: SeriesPlan) => rebase(repository, plan),
    pick: (plan: SeriesPlan) => pick(repository, plan),
    conflictCommit: (plan: ConflictPlan) => conflictCommit(repository, plan),
    commitTree: (content: CommitContent) => writeCommit(repository, content),
  };
}
