import type { EntityManager } from 'typeorm';
import { Batch, type ForwardportPolicy } from '../models/batch.ts';
import type { PullRequest } from '../models/pull-request.ts';
import { nextTarget } from '../rules/forwardport-plan.ts';
import { judgePolicy, type PolicyOutcome } from '../rules/forwardport-policy.ts';
import { branchesOf, kinOf, nextFacts, portedTo } from './family.ts';
import { queuePort, tipOf } from './tip.ts';

/** `fw=<policy>`, on one pull request. */
export interface PolicyRequest {
  readonly pull: PullRequest;
  readonly policy: ForwardportPolicy;
  readonly now: Date;
}

/**
 * Sets how the ports of a batch and of all batches of its genealogy are made, and starts what that allows at once
 * (forwardport spec 3, 21). A refusal changes nothing.
 */
export async function setPolicy(
  tx: EntityManager,
  { pull, policy, now }: PolicyRequest,
): Promise<PolicyOutcome> {
  const batch = await tx.findOneByOrFail(Batch, { id: pull.batchId });
  const branches = await branchesOf(tx, batch.projectId);
  const tip = await tipOf(tx, pull, branches);
  const outcome = judgePolicy({
    requested: policy,
    current: batch.forwardportPolicy,
    merged: batch.mergedAt !== null,
    isPort: pull.sourceId !== null,
    hasNext: nextTarget(nextFacts(await kinOf(tx, tip.pull), branches)).kind === 'next',
    ported: (await portedTo(tx, batch.id)).length > 0,
  });
  if (outcome.kind === 'refused') return outcome;
  await writePolicy(tx, batch.id, policy);
  if (outcome.starts === 'port') await queuePort(tx, { batchId: batch.id, kind: 'merge', now });
  if (outcome.starts === 'follow-up') {
    await queuePort(tx, { batchId: tip.pull.batchId, kind: 'followup', now });
  }
  return outcome;
}

/** All batches above and below, as far as the genealogy reaches. */
async function writePolicy(
  tx: EntityManager,
  batchId: number,
  policy: ForwardportPolicy,
): Promise<void> {
  await tx.query(
    `with recursive up as (
       select id, parent_id from batch where id = $1
       union all select b.id, b.parent_id from batch b join up on up.parent_id = b.id),
     family as (
       select id from up where parent_id is null
       union all select b.id from batch b join family on b.parent_id = family.id)
     update batch set forwardport_policy = $2 where id in (select id from family)`,
    [batchId, policy],
  );
}
