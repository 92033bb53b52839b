import { compareQueued } from '../../rules/queue.ts';
import type { BoardBranch, BoardProject, EndedStaging, QueuedBatch } from '../queries/board.ts';
import type { StagingView } from '../queries/stagings.ts';

/** What the queries gave. */
export interface BoardFacts {
  readonly projects: readonly BoardProject[];
  readonly branches: readonly BoardBranch[];
  readonly running: readonly StagingView[];
  readonly ended: readonly EndedStaging[];
  readonly queued: readonly QueuedBatch[];
}

/** One branch with everything that happens on it. */
export interface BranchBoard extends BoardBranch {
  readonly running: readonly StagingView[];
  readonly ended: readonly EndedStaging[];
  readonly splits: readonly {
    readonly id: number;
    readonly of: number;
    readonly batches: readonly QueuedBatch[];
  }[];
  /** In the order in which they will be staged. */
  readonly waiting: readonly QueuedBatch[];
  readonly blocked: readonly QueuedBatch[];
  readonly failed: readonly QueuedBatch[];
}

/** One project and its branches. */
export interface ProjectBoard extends BoardProject {
  readonly boards: readonly BranchBoard[];
}

/** Puts every batch into the one place where it belongs: split, failed, waiting or blocked. */
export function arrangeBoard(facts: BoardFacts): ProjectBoard[] {
  return facts.projects.map((project) => ({
    ...project,
    boards: facts.branches
      .filter((branch) => branch.projectId === project.id)
      .map((branch) => arrangeBranch(facts, project, branch)),
  }));
}

function arrangeBranch(facts: BoardFacts, project: BoardProject, branch: BoardBranch): BranchBoard {
  const batches = facts.queued.filter((batch) => batch.branchId === branch.id).sort(compareQueued);
  const loose = batches.filter((batch) => batch.splitId === null);
  const fine = loose.filter((batch) => !batch.failed);
  return {
    ...branch,
    running: facts.running.filter(
      (staging) => staging.project === project.name && staging.branch === branch.name,
    ),
    ended: facts.ended.filter((staging) => staging.branchId === branch.id),
    splits: arrangeSplits(batches),
    waiting: fine.filter((batch) => batch.blocked === null),
    blocked: fine.filter((batch) => batch.blocked !== null),
    failed: loose.filter((batch) => batch.failed),
  };
}

function arrangeSplits(batches: readonly QueuedBatch[]): BranchBoard['splits'] {
  const splits = new Map<number, { id: number; of: number; batches: QueuedBatch[] }>();
  for (const batch of batches) {
    if (batch.splitId === null || batch.splitOf === null) continue;
    const split = splits.get(batch.splitId) ?? {
      id: batch.splitId,
      of: batch.splitOf,
      batches: [],
    };
    split.batches.push(batch);
    splits.set(batch.splitId, split);
  }
  return [...splits.values()].sort((one, other) => one.id - other.id);
}
