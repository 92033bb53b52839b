import { type EntityManager, In } from 'typeorm';
import { changeLabels, close, recordDeployment } from '../feedback/say.ts';
import { queueRemoval } from '../ledger/change.ts';
import { pullName, repositoriesById } from '../ledger/facts.ts';
import { refreshBatches } from '../ledger/refresh.ts';
import { Batch } from '../models/batch.ts';
import { Branch } from '../models/branch.ts';
import { PullRequest } from '../models/pull-request.ts';
import { ForwardportJob, IssueJob } from '../models/queues.ts';
import { RedSet } from '../models/red-set.ts';
import type { StagingPull } from '../models/staging.ts';
import { versionLabel } from '../rules/version-label.ts';

/** A pull request as it landed. */
export type LandedPull = Pick<
  StagingPull,
  'pullRequestId' | 'head' | 'mergedSha' | 'commitsMap' | 'closes'
>;

/** Batches that are wholly in their targets, with all their pull requests as they landed. */
export interface Landed {
  readonly branchId: number;
  readonly batchIds: readonly number[];
  readonly pulls: readonly LandedPull[];
  readonly now: Date;
}

/** Records that batches landed, and queues everything that follows, in the transaction at hand (P1.5, R22). */
export async function recordLanding(tx: EntityManager, landed: Landed): Promise<void> {
  const { branchId, pulls, now } = landed;
  const batchIds = [...landed.batchIds];
  if (batchIds.length === 0) return;
  const branch = await tx.findOneByOrFail(Branch, { id: branchId });
  for (const staged of pulls) await landPull(tx, { staged, branch, now });
  await tx.update(Batch, { id: In(batchIds) }, { mergedAt: now });
  await tx.delete(RedSet, { branchId }); // nothing stands on those bases any more
  await queuePorts(tx, batchIds, now);
  await refreshBatches(tx, batchIds, { now });
}

async function landPull(
  tx: EntityManager,
  { staged, branch, now }: { staged: LandedPull; branch: Branch; now: Date },
): Promise<void> {
  const { mergedSha, commitsMap, pullRequestId, head } = staged;
  await tx.update(PullRequest, pullRequestId, {
    mergedSha,
    commitsMap,
    error: null,
    reminderAt: null,
  });
  const pull = await tx.findOneByOrFail(PullRequest, { id: pullRequestId });
  const repository = (await repositoriesById(tx, [pull.repositoryId])).get(pull.repositoryId);
  const name = repository ? pullName(repository, pull) : String(pull.id);
  await recordDeployment(tx, { at: pull, key: `landed/${name}`, head, sha: mergedSha, now });
  await close(tx, { at: pull, key: `landed/${name}/close`, now });
  const label = await versionOf(tx, branch);
  if (label !== null) await changeLabels(tx, { at: pull, add: [label], now });
  for (const number of staged.closes) {
    await tx.insert(IssueJob, { repositoryId: pull.repositoryId, number, queuedAt: now });
  }
  await queueRemoval(tx, pull, now);
}

/** What lands on the development branch is labelled with the version it will first be in. */
async function versionOf(tx: EntityManager, branch: Branch): Promise<string | null> {
  const branches = await tx.find(Branch, {
    where: { projectId: branch.projectId, active: true },
    order: { sequence: 'desc' },
    take: 2,
  });
  const [last, before] = branches;
  return last?.id === branch.id ? versionLabel(before?.name ?? null) : null;
}

/**
 * Queues the ports of what landed (forwardport spec 3): unless the policy says no, all its pull requests are attached ports
 * themselves (they were continued when their CI passed), or a port exists.
 */
async function queuePorts(
  tx: EntityManager,
  batchIds: readonly number[],
  now: Date,
): Promise<void> {
  const rows = await tx.query<{ id: number }[]>(
    `select b.id from batch b
      where b.id = any($1) and b.forwardport_policy <> 'no'
        and not exists (select from batch c where c.parent_id = b.id)
        and not exists (select from forwardport_job j where j.batch_id = b.id)
        and exists (select from pull_request p
                     where p.batch_id = b.id and p.merged_sha is not null and p.parent_id is null)
      order by b.id`,
    [batchIds],
  );
  for (const { id } of rows) {
    await tx.insert(ForwardportJob, { batchId: id, kind: 'merge', queuedAt: now });
  }
}
