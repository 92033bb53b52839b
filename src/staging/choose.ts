import { type EntityManager, In, IsNull } from 'typeorm';
import { Batch } from '../models/batch.ts';
import type { Branch } from '../models/branch.ts';
import { Project } from '../models/project.ts';
import { Split } from '../models/split.ts';
import { Staging } from '../models/staging.ts';
import { chooseBatches, orderSplits, type StagingPlan } from '../rules/staging-plan.ts';

/** Branches on which a staging may be created now, by order of their sequence. */
export function freeBranches(tx: EntityManager): Promise<Branch[]> {
  return tx.query(
    `select b.id, b.project_id as "projectId", b.name, b.sequence, b.active,
            b.staging_enabled as "stagingEnabled", b.on_fail as "onFail", b.depth_first as "depthFirst", b.scratch
       from branch b join project p on p.id = b.project_id
      where b.active and b.staging_enabled and p.active and p.staging_enabled and not p.frozen
        and not exists (select from staging s where s.branch_id = b.id and s.active)
        and exists (select from batch t where t.target_id = b.id and t.blocked is null)
      order by p.id, b.sequence`,
  );
}

/** Stagings whose push a crash interrupted: their rows are there, their branches may not be. */
export function unpushedStagings(tx: EntityManager): Promise<Staging[]> {
  return tx.find(Staging, { where: { active: true, pushedAt: IsNull() }, order: { id: 'asc' } });
}

/** What to stage next on a branch (spec 5.2). */
export async function planStaging(tx: EntityManager, branch: Branch): Promise<StagingPlan<Batch>> {
  const project = await tx.findOneByOrFail(Project, { id: branch.projectId });
  const batches = await tx.findBy(Batch, { targetId: branch.id, blocked: IsNull() });
  const splits = orderSplits(await tx.findBy(Split, { branchId: branch.id }), branch.depthFirst);
  return chooseBatches({
    ready: batches.filter((batch) => batch.splitId === null),
    splits: splits.map((split) => ({
      id: split.id,
      batches: batches.filter((batch) => batch.splitId === split.id),
    })),
    mode: project.settings.staging.priority,
    limit: project.settings.staging.batchLimit,
  });
}

/** Takes the chosen split: it is dropped, its batches are free, and the staging that was split is the parent. */
export async function takeSplit(
  tx: EntityManager,
  plan: StagingPlan<Batch>,
): Promise<number | null> {
  if (plan.kind !== 'split') return null;
  const split = await tx.findOneByOrFail(Split, { id: plan.split });
  await tx.update(Batch, { splitId: split.id }, { splitId: null });
  await tx.delete(Split, split.id);
  return split.stagingId;
}

/** Locks batches and answers whether all of them may still be staged. */
export async function stillStageable(tx: EntityManager, ids: readonly number[]): Promise<boolean> {
  const rows = await tx.find(Batch, {
    where: { id: In([...ids]) },
    order: { id: 'asc' },
    lock: { mode: 'pessimistic_write' },
  });
  return rows.length === ids.length && rows.every((row) => row.blocked === null);
}
