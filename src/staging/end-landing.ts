import { type EntityManager, In } from 'typeorm';
import { changeLabels, close, recordDeployment } from '../feedback/say.ts';
import { writeAudit } from '../ledger/audit.ts';
import { queueRemoval } from '../ledger/change.ts';
import { pullName, repositoriesById } from '../ledger/facts.ts';
import { refreshBatches } from '../ledger/refresh.ts';
import { stagedBatchIds } from '../ledger/stagings.ts';
import { Batch } from '../models/batch.ts';
import { Branch } from '../models/branch.ts';
import { LandingStep } from '../models/landing-step.ts';
import { Project } from '../models/project.ts';
import { PullRequest } from '../models/pull-request.ts';
import { ForwardportJob, IssueJob } from '../models/queues.ts';
import { Staging, StagingPull } from '../models/staging.ts';
import { versionLabel } from '../rules/version-label.ts';

/**
 * Records that all targets moved: batches merged, and everything that follows queued, in one commit (P1.5, R22).
 *
 * @returns false when that was recorded before.
 */
export async function finishLanding(
  tx: EntityManager,
  { stagingId, now }: { stagingId: number; now: Date },
): Promise<boolean> {
  const staging = await tx.findOneOrFail(Staging, {
    where: { id: stagingId },
    lock: { mode: 'pessimistic_write' },
  });
  if (!staging.active) return false;
  const branch = await tx.findOneByOrFail(Branch, { id: staging.branchId });
  const batchIds = await stagedBatchIds(tx, stagingId);
  for (const staged of await tx.findBy(StagingPull, { stagingId })) {
    await landPull(tx, { staged, branch, now });
  }
  await tx.update(Batch, { id: In(batchIds) }, { mergedAt: now });
  await tx.update(Staging, stagingId, { state: 'success', active: false, endedAt: now });
  await queuePorts(tx, batchIds, now);
  await refreshBatches(tx, batchIds, { now });
  return true;
}

async function landPull(
  tx: EntityManager,
  { staged, branch, now }: { staged: StagingPull; branch: Branch; now: Date },
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

/** No target moved and none will: the batches go back to the queue and are staged on what is there now. */
export async function giveUpLanding(
  tx: EntityManager,
  { staging, reason, now }: { staging: Staging; reason: string; now: Date },
): Promise<void> {
  await tx.update(
    LandingStep,
    { stagingId: staging.id },
    { state: 'diverged', retryAt: null, detail: reason.slice(0, 500) },
  );
  await tx.update(
    Staging,
    { id: staging.id, active: true },
    { state: 'ff_failed', active: false, reason: reason.slice(0, 500), endedAt: now },
  );
}

/** Some targets moved, one cannot: the project is frozen until an admin finishes or reverts the landing (R17). */
export async function stopHalfway(
  tx: EntityManager,
  {
    staging,
    step,
    reason,
    now,
  }: { staging: Staging; step: LandingStep; reason: string; now: Date },
): Promise<void> {
  const key = { stagingId: step.stagingId, repositoryId: step.repositoryId };
  await tx.update(LandingStep, key, { state: 'diverged', retryAt: null, detail: reason });
  await tx.update(Staging, staging.id, { state: 'partial', reason });
  await tx.update(Project, staging.projectId, { frozen: true });
  await writeAudit(tx, {
    at: now,
    actor: 'stagecoach',
    via: 'cron',
    action: 'frozen',
    object: `staging ${staging.id}`,
    before: false,
    after: true,
    reason,
  });
}
