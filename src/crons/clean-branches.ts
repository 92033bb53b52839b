import { removeBranch } from '../forwardport/remove-branch.ts';
import { BranchRemoval } from '../models/queues.ts';
import { retryDelayMs } from '../rules/backoff.ts';
import type { Run } from '../world.ts';
import { drain, type Queue } from './drain.ts';

const HOUR_MS = 3_600_000;

const removalQueue: Queue<BranchRemoval> = {
  table: 'branch_removal',
  entity: BranchRemoval,
  maxAttempts: 12,
  delayMs: (attempt) => retryDelayMs(attempt) ?? HOUR_MS,
};

/** Deletes head branches some time after their pull requests ended. */
export async function cleanBranches(run: Run): Promise<void> {
  await drain(run, removalQueue, (row, finish) => removeBranch(run, row, finish));
}
