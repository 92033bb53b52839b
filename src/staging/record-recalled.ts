import { type EntityManager, In } from 'typeorm';
import { expectSaid } from '../feedback/say.ts';
import { isLanding } from '../ledger/landing.ts';
import { lockRecords, recordPullRequest } from '../ledger/record.ts';
import { activeStagingOf, cancelStaging } from '../ledger/stagings.ts';
import { TryLater } from '../lib/try-later.ts';
import { LandingStep } from '../models/landing-step.ts';
import { PullRequest } from '../models/pull-request.ts';
import { Staging, StagingHead, StagingPull } from '../models/staging.ts';
import { factsOf } from './check-candidates.ts';
import { finishLanding } from './end-landing.ts';
import type { Recalled, RecalledBatch, RecalledPull } from './recall-landing.ts';
import { type LandedPull, recordLanding } from './record-landing.ts';

const PAUSE_MS = 60_000;

/**
 * Records what the targets say has landed as the landing itself would have: merged, with all that follows. Its words may have
 * been said before the database forgot them: each is looked for before it is said again.
 *
 * @throws {@link TryLater} when the records changed meanwhile, or CI has to say first that the rest may land.
 */
export async function recordRecalled(
  tx: EntityManager,
  recalled: Recalled,
  now: Date,
): Promise<void> {
  switch (recalled.kind) {
    case 'batch':
      return recordBatch(tx, recalled, now);
    case 'staging':
      return recordStaging(tx, recalled.stagingId, now);
    case 'partly':
      throw new TryLater('it landed in part', { afterMs: PAUSE_MS, counts: false });
  }
}

async function recordBatch(
  tx: EntityManager,
  { target, pulls }: RecalledBatch,
  now: Date,
): Promise<void> {
  await lockRecords(tx, pulls.map(newsOf));
  const landed: LandedPull[] = [];
  for (const one of pulls) landed.push(await hear(tx, one, now));
  const ids = landed.map((one) => one.pullRequestId);
  const rows = await tx.findBy(PullRequest, { id: In(ids) });
  const batchId = rows[0]?.batchId ?? 0;
  const open = await tx.findBy(PullRequest, { batchId, closed: false });
  const others = open.filter((one) => !ids.includes(one.id));
  const isNew = pulls.every((one) => one.known === null);
  if (isNew && others.length > 0) return; // what it came with may not have landed: it stays closed
  const isAsFound = rows.every((row) => row.targetId === target.id && row.batchId === batchId);
  if (others.length > 0 || !isAsFound || (await isLanding(tx, batchId)))
    throw new TryLater('its batch has changed', { afterMs: PAUSE_MS, counts: true });
  const staging = await activeStagingOf(tx, batchId);
  if (staging) await cancelStaging(tx, staging.id, { reason: 'its pull requests landed', now });
  await tx.update(PullRequest, { id: In(ids) }, { closed: false });
  await recordLanding(tx, { branchId: target.id, batchIds: [batchId], pulls: landed, now });
  await expectSaid(tx, rows, now);
}

function newsOf({
  repository,
  pull,
  known,
}: RecalledPull): Parameters<typeof lockRecords>[1][number] {
  return { repository, facts: factsOf({ repository, pull }, known) };
}

/** What GitHub says besides the closing is believed first: the head that landed may be a newer one than the records have. */
async function hear(tx: EntityManager, one: RecalledPull, now: Date): Promise<LandedPull> {
  const { facts } = newsOf(one);
  const closed = one.known === null; // it is not greeted, and joins nothing
  const outcome = await recordPullRequest(tx, { ...facts, closed }, now);
  if (outcome.kind === 'unmanaged' || outcome.kind === 'landing')
    throw new TryLater('its target has changed', { afterMs: PAUSE_MS, counts: true });
  const { mergedSha, map } = one.landing;
  const { head } = facts;
  return { pullRequestId: outcome.id, head, mergedSha, commitsMap: { ...map }, closes: [] };
}

/** The staging landed wholly: its journal is written as done, and what follows from that. */
async function recordStaging(tx: EntityManager, stagingId: number, now: Date): Promise<void> {
  const staging = await tx.findOneOrFail(Staging, {
    where: { id: stagingId },
    lock: { mode: 'pessimistic_write' },
  });
  if (!staging.active || (await tx.existsBy(LandingStep, { stagingId }))) return;
  for (const { repositoryId, base, head } of await tx.findBy(StagingHead, {
    stagingId,
    changed: true,
  })) {
    const moved = { state: 'moved', movedAt: now } as const;
    await tx.insert(LandingStep, { stagingId, repositoryId, from: base, to: head, ...moved });
  }
  await finishLanding(tx, { stagingId, now });
  const staged = await tx.findBy(StagingPull, { stagingId });
  const ids = staged.map((one) => one.pullRequestId);
  await expectSaid(tx, await tx.findBy(PullRequest, { id: In(ids) }), now);
}
