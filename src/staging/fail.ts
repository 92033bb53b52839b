import { type EntityManager, In } from 'typeorm';
import { say } from '../feedback/say.ts';
import { pullName, repositoriesById } from '../ledger/facts.ts';
import { addressOf } from '../ledger/pings.ts';
import { inTurn } from '../lib/in-turn.ts';
import { refreshBatches } from '../ledger/refresh.ts';
import { type HeadVerdict, headVerdicts } from '../ledger/staging-state.ts';
import { noteInFamily, splitsLeft, stagedBatchIds } from '../ledger/stagings.ts';
import { stagingReason } from '../messages/reasons.ts';
import { stagingFailed, stagingTimedOut } from '../messages/staging.ts';
import { Batch } from '../models/batch.ts';
import { Branch } from '../models/branch.ts';
import { PullRequest } from '../models/pull-request.ts';
import { Split } from '../models/split.ts';
import { Staging, StagingPull } from '../models/staging.ts';
import { mayBeFalsePositive, split, splitsAfterCulprit } from '../rules/split.ts';
import type { Run } from '../world.ts';
import { rememberRed } from './red-sets.ts';
import { stopRepair } from './settle-partial.ts';

export type FailureCause = 'failed' | 'timed-out';

/** A failed context, and where. */
interface Failed {
  readonly repositoryId: number;
  readonly repository: string;
  readonly sha: string;
  readonly context: string;
  readonly url: string | null;
}

/** What CI did and did not say. */
interface Evidence {
  readonly cause: FailureCause;
  readonly durationMs: number;
  readonly failures: readonly Failed[];
  readonly missing: readonly string[];
  readonly running: readonly string[];
}

/**
 * Ends a red or late staging: several batches are split in halves, a single one is to blame (spec 6.6, R20). A time-out is
 * no proof of guilt and is worded as what it is.
 */
export async function failStaging(run: Run, stagingId: number, cause: FailureCause): Promise<void> {
  const ended = await run.transaction(async (tx) => {
    const staging = await tx.findOneOrFail(Staging, {
      where: { id: stagingId },
      lock: { mode: 'pessimistic_write' },
    });
    if (!staging.active || staging.state === 'success') return false; // turned green or cancelled meanwhile
    if (cause === 'timed-out' && staging.timeoutAt > run.now) return false; // the limit moved
    await end(tx, { staging, cause, now: run.now });
    return true;
  });
  if (ended) run.world.log.info({ staging: stagingId, cause }, 'staging failed');
}

interface Ending {
  readonly staging: Staging;
  readonly cause: FailureCause;
  readonly now: Date;
}

async function end(tx: EntityManager, { staging, cause, now }: Ending): Promise<void> {
  const ids = await stagedBatchIds(tx, staging.id);
  const evidence = await gather(tx, { staging, cause, now });
  await tx.update(Staging, staging.id, {
    state: 'failure',
    active: false,
    reason: reasonOf(evidence),
    endedAt: now,
    likelyFalsePositive: mayBeFalsePositive({
      batches: ids.length,
      fromSplit: staging.parentId !== null || staging.repairsId !== null,
    }),
  });
  const { repairsId, repair } = staging;
  if (repairsId !== null && repair !== null) {
    const why = `staging ${staging.id}: ${reasonOf(evidence)}`;
    return stopRepair(tx, { id: repairsId, repair, why, now });
  }
  if (ids.length > 1 && evidence.failures.length > 0) await rememberRed(tx, staging, now);
  if (ids.length > 1) await splitBatches(tx, staging, ids);
  else await blame(tx, { staging, batchId: ids[0] ?? 0, evidence, now });
}

async function gather(tx: EntityManager, { staging, cause, now }: Ending): Promise<Evidence> {
  const heads = await headVerdicts(tx, staging);
  const names = await repositoriesById(
    tx,
    heads.map((one) => one.repositoryId),
  );
  const contexts = heads.flatMap((one) => one.verdict.contexts.filter((context) => context.counts));
  return {
    cause,
    durationMs: now.getTime() - staging.stagedAt.getTime(),
    failures: heads.flatMap((one) => failuresOf(one, names.get(one.repositoryId)?.name ?? '')),
    missing: [...new Set(heads.flatMap((one) => one.verdict.missing))],
    running: [
      ...new Set(contexts.filter((one) => one.state === 'pending').map((one) => one.context)),
    ],
  };
}

function failuresOf({ repositoryId, head, verdict }: HeadVerdict, repository: string): Failed[] {
  return verdict.failed.map((context) => {
    const url = verdict.contexts.find((one) => one.context === context)?.url ?? null;
    return { repositoryId, repository, sha: head, context, url };
  });
}

function reasonOf({ cause, durationMs, failures, missing }: Evidence): string {
  return stagingReason(
    cause === 'timed-out'
      ? { kind: 'timed-out', durationMs, missing }
      : { kind: 'failed', failures },
  );
}

async function splitBatches(
  tx: EntityManager,
  staging: Staging,
  ids: readonly number[],
): Promise<void> {
  for (const half of split(ids)) {
    const row = { branchId: staging.branchId, stagingId: staging.id };
    const { identifiers } = await tx.insert(Split, row);
    await tx.update(Batch, { id: In(half) }, { splitId: (identifiers[0] as { id: number }).id });
  }
}

interface Blame {
  readonly staging: Staging;
  readonly batchId: number;
  readonly evidence: Evidence;
  readonly now: Date;
}

/** The pull request of the repository that failed is to blame; where that repository has none, all of the batch are. */
async function blame(tx: EntityManager, blamed: Blame): Promise<void> {
  const { staging, batchId, evidence, now } = blamed;
  const staged = await tx.findBy(StagingPull, { stagingId: staging.id, batchId });
  const pulls = await tx.findBy(PullRequest, { id: In(staged.map((one) => one.pullRequestId)) });
  const guiltyRepositories = new Set(evidence.failures.map((one) => one.repositoryId));
  const guilty = pulls.filter((pull) => guiltyRepositories.has(pull.repositoryId));
  for (const pull of guilty.length > 0 ? guilty : pulls) await putInError(tx, pull, blamed);
  await regroupSplits(tx, staging);
  const left = await splitsLeft(tx, staging.id);
  await noteInFamily(tx, staging, { kind: 'culprit-found', splitsLeft: left });
  await refreshBatches(tx, [batchId], { now });
}

async function putInError(
  tx: EntityManager,
  pull: PullRequest,
  { staging, evidence, now }: Blame,
): Promise<void> {
  const repository = (await repositoriesById(tx, [pull.repositoryId])).get(pull.repositoryId);
  await tx.update(PullRequest, pull.id, { error: reasonOf(evidence) });
  const address = await addressOf(tx, pull);
  const failures = evidence.failures.map((one) => ({
    ...one,
    repository: one.repositoryId === pull.repositoryId ? null : one.repository,
  }));
  await say(tx, {
    at: pull,
    key: `staging-failed/${staging.id}/${repository ? pullName(repository, pull) : pull.id}`,
    text:
      evidence.cause === 'timed-out'
        ? stagingTimedOut({ ...address, ...evidence })
        : stagingFailed({ ...address, failures }),
    now,
  });
}

/** What the branch wants to happen with the other splits now that a culprit is known. */
async function regroupSplits(tx: EntityManager, staging: Staging): Promise<void> {
  const branch = await tx.findOneByOrFail(Branch, { id: staging.branchId });
  if (branch.onFail === 'nothing') return;
  const splits = await tx.find(Split, { where: { branchId: branch.id }, order: { id: 'asc' } });
  const groups = await inTurn(splits, async (one) =>
    (await tx.findBy(Batch, { splitId: one.id })).map((batch) => batch.id),
  );
  const kept = splitsAfterCulprit(groups, branch.onFail);
  await tx.update(Batch, { id: In(groups.flat()) }, { splitId: null });
  if (splits.length > 0)
    await tx.delete(
      Split,
      splits.map((one) => one.id),
    );
  for (const group of kept) {
    const { identifiers } = await tx.insert(Split, { branchId: branch.id, stagingId: staging.id });
    await tx.update(Batch, { id: In(group) }, { splitId: (identifiers[0] as { id: number }).id });
  }
}
