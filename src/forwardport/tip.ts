import type { EntityManager } from 'typeorm';
import type { Branch } from '../models/branch.ts';
import { Port } from '../models/port.ts';
import type { PullRequest } from '../models/pull-request.ts';
import { ForwardportJob } from '../models/queues.ts';
import { familyOf } from './family.ts';

/** The pull request of a family with the newest target, and whether its next port is on the way. */
export interface Tip {
  readonly pull: PullRequest;
  readonly task: 'none' | 'queued' | 'running';
}

/** Finds the tip of the family a pull request belongs to; closed ones count. */
export async function tipOf(
  tx: EntityManager,
  pull: PullRequest,
  branches: readonly Branch[],
): Promise<Tip> {
  const sequenceOf = new Map(branches.map((branch) => [branch.id, branch.sequence]));
  const place = (one: PullRequest) => sequenceOf.get(one.targetId ?? 0) ?? -1;
  const family = await familyOf(tx, pull);
  const tip = family.reduce((best, one) => (place(one) >= place(best) ? one : best), pull);
  return { pull: tip, task: await taskOf(tx, tip.batchId) };
}

/** A job that has written its first intent may be pushing right now: it is not to be cancelled. */
async function taskOf(tx: EntityManager, batchId: number): Promise<Tip['task']> {
  const begun = await tx.existsBy(Port, [
    { fromBatchId: batchId, state: 'planned' },
    { fromBatchId: batchId, state: 'pushed' },
  ]);
  const queued = await tx.existsBy(ForwardportJob, { batchId });
  if (!queued) return 'none';
  return begun ? 'running' : 'queued';
}

/** Queues the look at the next branch of a batch, unless one is queued. @returns whether it was. */
export async function queuePort(
  tx: EntityManager,
  job: { batchId: number; kind: ForwardportJob['kind']; now: Date },
): Promise<boolean> {
  const { batchId, kind, now } = job;
  if (await tx.existsBy(ForwardportJob, { batchId })) return false;
  await tx.insert(ForwardportJob, { batchId, kind, queuedAt: now });
  return true;
}
