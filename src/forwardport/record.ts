import { type EntityManager, In } from 'typeorm';
import { changeLabels } from '../feedback/say.ts';
import { pullName } from '../ledger/facts.ts';
import type { PullFacts } from '../ledger/pull-facts.ts';
import { lockRecords, recordPullRequest } from '../ledger/record.ts';
import { refreshBatches } from '../ledger/refresh.ts';
import { Batch } from '../models/batch.ts';
import { type ConflictFacts, Port } from '../models/port.ts';
import type { ProjectSettings } from '../models/project.ts';
import { PullRequest } from '../models/pull-request.ts';
import { nextReminder } from '../rules/reminders.ts';
import { factsOf } from './facts.ts';
import type { Opened } from './publish.ts';
import type { Recorded, Recording } from './recording.ts';
import { stitch } from './stitch.ts';
import { answerReminders, tellPort, tellStuckChain } from './tell.ts';

/**
 * Writes everything that follows from new ports, in one transaction: their records (or those the webhook made first), their
 * place in the chain, their batch, labels and words (forwardport spec 6.5, 8.2, 9).
 */
export async function recordPorts(tx: EntityManager, recording: Recording): Promise<Recorded[]> {
  const { scene, opened, now } = recording;
  const news = opened.map((one) => ({ facts: portFacts(one), repository: one.repository }));
  await lockRecords(tx, news, [scene.batch.id]);
  const recorded: Recorded[] = [];
  for (const one of opened) recorded.push(await recordOne(tx, recording, one));
  await joinGenealogy(tx, scene.batch, recorded);
  if (recording.job.kind === 'insert') await stitch(tx, { ...recording, recorded });
  await label(tx, recorded, now);
  for (const one of recorded) {
    await tellPort(tx, recording, { ...one, siblings: recorded });
    await answerReminders(tx, recording, one);
  }
  await tellStuckChain(tx, recording, recorded);
  const ids = recorded.map((one) => one.child.batchId);
  await refreshBatches(tx, [scene.batch.id, ...ids], { now, because: 'ported' });
  return recorded;
}

async function recordOne(tx: EntityManager, recording: Recording, one: Opened): Promise<Recorded> {
  const { scene, now } = recording;
  const { repository, port, source, pull } = one;
  const outcome = await recordPullRequest(tx, portFacts(one), now);
  if (outcome.kind === 'unmanaged')
    throw new Error(`the port of ${pullName(repository, pull)} went to no branch of ours`);
  const known = await tx.findOneByOrFail(PullRequest, { id: outcome.id });
  const detachReason = whyDetached(recording, one, known);
  await tx.update(PullRequest, known.id, {
    sourceId: source.id,
    parentId: detachReason === null ? pull.id : null,
    detachReason,
    limitId: source.limitId,
    mergeMethod: pull.mergeMethod,
    conflict: one.conflict !== null && known.head === one.head,
    reminderAt: firstReminder(scene.project.settings, known.openedAt),
  });
  await tx.update(Port, port.id, { state: 'opened', pullRequestId: known.id });
  return { ...one, child: await tx.findOneByOrFail(PullRequest, { id: known.id }) };
}

function portFacts({ summary, repository, commitCount }: Opened): PullFacts {
  return factsOf(repository.id, { ...summary, commitCount });
}

/** A conflict anywhere in the batch detaches all of it, except under `skipmerge` (forwardport spec 8.3, 8.4). */
function whyDetached(
  { scene, opened }: Recording,
  { conflict, head }: Opened,
  known: PullRequest,
): string | null {
  if (known.closed) return 'it was closed';
  if (known.head !== head) return `its head changed to ${known.head}`;
  if (scene.batch.forwardportPolicy === 'skipmerge') return null;
  if (conflict !== null) return conflictReason(conflict);
  const culprit = opened.find((other) => other.conflict !== null);
  return culprit ? `the port in ${culprit.repository.name} has a conflict` : null;
}

/** Why a port in conflict is detached: git's words. */
function conflictReason(conflict: ConflictFacts): string {
  if (conflict.empty) return `commit ${conflict.commit} changes nothing here`;
  return `conflict\n${conflict.output}`.trim();
}

/** When people are first reminded of an open port. */
function firstReminder({ reminders }: ProjectSettings, openedAt: Date): Date {
  return nextReminder({ ...reminders, openedAt });
}

/** The batch of the ports is the child of the one they were made from, and goes on as it does. */
async function joinGenealogy(
  tx: EntityManager,
  batch: Batch,
  recorded: readonly Recorded[],
): Promise<void> {
  const ids = new Set(recorded.map((one) => one.child.batchId));
  ids.delete(batch.id);
  await tx.update(
    Batch,
    { id: In([...ids]) },
    {
      parentId: batch.id,
      forwardportPolicy: batch.forwardportPolicy,
      priority: batch.priority,
    },
  );
}

/** One whose markers somebody has taken out already is in conflict no more. */
async function label(tx: EntityManager, recorded: readonly Recorded[], now: Date): Promise<void> {
  const inConflict = recorded.some((one) => one.child.conflict);
  const add = inConflict ? ['forwardport', 'conflict'] : ['forwardport'];
  for (const { child } of recorded) await changeLabels(tx, { at: child, now, add });
}
