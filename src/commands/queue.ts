import type { EntityManager } from 'typeorm';
import { refreshBatches } from '../ledger/refresh.ts';
import { activeStagingOf, cancelStaging, deleteSplits } from '../ledger/stagings.ts';
import { Batch, type Priority } from '../models/batch.ts';
import { RedSet } from '../models/red-set.ts';
import { Staging } from '../models/staging.ts';
import type { ResetScope } from '../rules/commands.ts';
import type { Answer, CommandContext } from './context.ts';
import { approveBatch } from './review.ts';

/** `nice`, `default`, `priority`, `alone`: of the whole batch. */
export async function setPriority(
  { tx, pull }: CommandContext,
  priority: Priority,
): Promise<Answer> {
  await tx.update(Batch, pull.batchId, { priority });
  return {};
}

/** `cancel=staging`: once the batch can be staged, what runs makes room; at once if it can be already. */
export async function cancelForBatch(context: CommandContext): Promise<Answer> {
  const { tx, pull, actor, repository } = context;
  await tx.update(Batch, pull.batchId, { cancelStaging: true });
  const batch = await tx.findOneByOrFail(Batch, { id: pull.batchId });
  if (batch.blocked !== null || batch.targetId === null) return {};
  if (await activeStagingOf(tx, batch.id)) return {};
  await deleteSplits(tx, batch.targetId);
  const reason = `unstaged by ${actor.login} on ${repository.name}#${pull.number}`;
  await cancelRunning(context, batch.targetId, reason);
  return {};
}

/** `skipchecks`: neither CI nor review is waited for, in the whole batch. */
export async function skipChecks(context: CommandContext): Promise<Answer> {
  const { tx, pull, now } = context;
  await tx.update(Batch, pull.batchId, { skipchecks: true });
  await approveBatch(context, pull.batchId);
  await refreshBatches(tx, [pull.batchId], { now });
  return {};
}

/** `reset=splits|staging|auto` (spec 3.5). */
export async function resetBranch(context: CommandContext, scope: ResetScope): Promise<Answer> {
  const { tx, pull, actor, repository, now } = context;
  if (pull.targetId === null) return {};
  await deleteSplits(tx, pull.targetId);
  await tx.delete(RedSet, { branchId: pull.targetId }); // whoever starts afresh doubts what CI said
  if (scope === 'splits') return {};
  if (scope === 'auto' && (await isFarAlong(tx, pull.targetId, now))) return {};
  const reason = `reset by ${actor.login} on ${repository.name}#${pull.number}`;
  await cancelRunning(context, pull.targetId, reason);
  return {};
}

async function cancelRunning(
  { tx, now }: CommandContext,
  branchId: number,
  reason: string,
): Promise<void> {
  for (const staging of await tx.findBy(Staging, { branchId, active: true })) {
    await cancelStaging(tx, staging.id, { reason, now });
  }
}

/** Has run longer than 40 % of the mean of the last ten successful stagings: too much to throw away. */
async function isFarAlong(tx: EntityManager, branchId: number, now: Date): Promise<boolean> {
  const rows = await tx.query<{ far: boolean | null }[]>(
    `select ($2::timestamptz - running.staged_at) > 0.4 * (
        select avg(ended_at - staged_at) from (
          select ended_at, staged_at from staging
           where branch_id = $1 and state = 'success' and ended_at is not null
           order by id desc limit 10) last) as far
       from staging running where running.branch_id = $1 and running.active limit 1`,
    [branchId, now],
  );
  return rows[0]?.far ?? false;
}
