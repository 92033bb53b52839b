import { type EntityManager, In } from 'typeorm';
import { isApproved } from '../ledger/facts.ts';
import { refreshBatches } from '../ledger/refresh.ts';
import { Batch } from '../models/batch.ts';
import { PullRequest } from '../models/pull-request.ts';
import { becomesParent } from '../rules/forwardport-holes.ts';
import { familyOf } from './family.ts';
import type { Recorded, Recording } from './recording.ts';

/**
 * Puts ports on an inserted branch between those before and after it (forwardport spec 16): batches that followed the old
 * one follow the new one; the next port of each line becomes its child, unless one of the two is detached (R29).
 */
export async function stitch(
  tx: EntityManager,
  { scene, recorded, target, now }: Recording & { readonly recorded: readonly Recorded[] },
): Promise<void> {
  const sequenceOf = new Map(scene.branches.map((branch) => [branch.id, branch.sequence]));
  const isLater = (targetId: number | null) =>
    (sequenceOf.get(targetId ?? 0) ?? -1) > target.sequence;
  const batchId = recorded[0]?.child.batchId;
  if (batchId === undefined) return;
  const children = await tx.findBy(Batch, { parentId: scene.batch.id });
  const following = children.filter((child) => child.id !== batchId && isLater(child.targetId));
  await tx.update(Batch, { id: In(following.map(({ id }) => id)) }, { parentId: batchId });
  for (const { child } of recorded) {
    const family = await familyOf(tx, child);
    const later = family
      .filter((one) => one.id !== child.id && isLater(one.targetId) && one.state !== 'closed')
      .sort(
        (a, b) => (sequenceOf.get(a.targetId ?? 0) ?? 0) - (sequenceOf.get(b.targetId ?? 0) ?? 0),
      );
    const next = later[0];
    if (!next) continue;
    const facts = { conflicts: child.parentId === null, laterIsAttached: next.parentId !== null };
    if (!becomesParent(facts)) continue;
    await tx.update(PullRequest, next.id, { parentId: child.id });
    await inheritApproval(tx, { from: next, to: child, now });
    await refreshBatches(tx, [next.batchId], { now, because: 'a port was inserted before it' });
  }
}

/** An inserted port of a chain that was approved further on is approved as well, by the same person (forwardport spec 16). */
async function inheritApproval(
  tx: EntityManager,
  { from, to, now }: { from: PullRequest; to: PullRequest; now: Date },
): Promise<void> {
  if (!isApproved(from) || from.approvedById === null) return;
  await tx.update(PullRequest, to.id, {
    approvedById: from.approvedById,
    approvedSha: to.head,
    approvedAt: now,
  });
}
