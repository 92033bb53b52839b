import type { EntityManager } from 'typeorm';
import { Branch } from '../models/branch.ts';
import { Project } from '../models/project.ts';
import { judge } from '../models/queries/verdicts.ts';
import { Staging, StagingHead } from '../models/staging.ts';
import type { Verdict } from '../rules/status.ts';
import { timeoutAt } from '../rules/timeout.ts';

/** What CI says of one repository of a staging. */
export interface HeadVerdict {
  readonly repositoryId: number;
  readonly head: string;
  readonly verdict: Verdict;
}

/** CI's verdict on each head of a staging, in the order of repositories. */
export async function headVerdicts(tx: EntityManager, staging: Staging): Promise<HeadVerdict[]> {
  const branch = await tx.findOneByOrFail(Branch, { id: staging.branchId });
  const heads = await tx.find(StagingHead, {
    where: { stagingId: staging.id },
    order: { repositoryId: 'asc' },
  });
  const verdicts = await judge(
    tx,
    heads.map(({ repositoryId, head }) => ({
      purpose: 'staging',
      repositoryId,
      sha: head,
      branch: branch.name,
    })),
  );
  return heads.flatMap(({ repositoryId, head }, index) => {
    const verdict = verdicts[index];
    return verdict ? [{ repositoryId, head, verdict }] : [];
  });
}

/**
 * Computes the state of a running staging and moves its time-out: success once every required context passed, failure at
 * once, the limit only ever later, and only for required contexts that are really pending (spec 6.1, 6.2, R11).
 */
export async function refreshStaging(
  tx: EntityManager,
  stagingId: number,
  now: Date,
): Promise<void> {
  const staging = await tx.findOne(Staging, {
    where: { id: stagingId },
    lock: { mode: 'pessimistic_write' },
  });
  if (!staging?.active || staging.state !== 'pending' || staging.timeoutAt <= now) return;
  const verdicts = (await headVerdicts(tx, staging)).map((one) => one.verdict);
  const state = combine(verdicts);
  const limit = await limitOf(tx, staging, verdicts);
  if (state === 'pending' && limit <= staging.timeoutAt) return;
  await tx.update(Staging, staging.id, {
    state,
    timeoutAt: limit > staging.timeoutAt ? limit : staging.timeoutAt,
  });
}

function combine(verdicts: readonly Verdict[]): 'pending' | 'success' | 'failure' {
  if (verdicts.some((one) => one.state === 'failure')) return 'failure';
  return verdicts.every((one) => one.state === 'success') ? 'success' : 'pending';
}

async function limitOf(
  tx: EntityManager,
  staging: Staging,
  verdicts: readonly Verdict[],
): Promise<Date> {
  const project = await tx.findOneByOrFail(Project, { id: staging.projectId });
  const pending = verdicts.flatMap((one) =>
    one.lastPendingAt ? [one.lastPendingAt.getTime()] : [],
  );
  const { timeoutMs, startTimeoutMs = timeoutMs } = project.settings.staging;
  return timeoutAt({
    stagedAt: staging.stagedAt,
    timeoutMs,
    neverStartedMs: startTimeoutMs,
    lastPendingAt: pending.length > 0 ? new Date(Math.max(...pending)) : null,
    missing: verdicts.flatMap((one) => one.missing),
  }).at;
}
