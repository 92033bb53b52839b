import type { EntityManager } from 'typeorm';
import { close, say } from '../feedback/say.ts';
import { Batch } from '../models/batch.ts';
import { Branch } from '../models/branch.ts';
import { BranchRemoval } from '../models/queues.ts';
import { PullRequest } from '../models/pull-request.ts';
import type { Repository } from '../models/repository.ts';
import { Project } from '../models/project.ts';
import { StagingPull } from '../models/staging.ts';
import { usesPullRequestText } from '../rules/merge-method.ts';
import {
  changesBetween,
  dropsApproval,
  leavesStaging,
  type PullChange,
} from '../rules/pull-changes.ts';
import { unstaged } from '../messages/staging.ts';
import { mergedBatchStaysClosed, mergedStaysClosed } from '../messages/pull-request.ts';
import { batchToMoveTo } from './batches.ts';
import { detachChildren, detachForClose, followHead, withoutOldHead } from './chain.ts';
import { managedBranch, pullName } from './facts.ts';
import type { PullFacts, Recorded } from './pull-facts.ts';
import { refreshBatches } from './refresh.ts';
import { activeStagingOf, cancelStaging } from './stagings.ts';
import { isLanding } from './landing.ts';
import { isHalfLanded } from './partial.ts';

interface Change {
  readonly known: PullRequest;
  readonly facts: PullFacts;
  readonly repository: Repository;
  readonly label: string;
}

/** The same with what is different. */
interface Compared extends Change {
  readonly changes: readonly PullChange[];
  /** Its text becomes a commit message. */
  readonly usesText: boolean;
}

/** The columns that drop an approval. The error goes too: it was about what was approved. */
const UNAPPROVED = {
  approvedById: null,
  approvedSha: null,
  approvedAt: null,
  error: null,
} as const;

/** Applies newer facts to a known pull request. */
export async function changePull(tx: EntityManager, news: Change, now: Date): Promise<Recorded> {
  const { known } = news;
  const facts = await withoutOldHead(tx, known, news.facts);
  const landed = known.mergedSha !== null;
  const change: Compared = {
    ...{ ...news, facts, changes: changesBetween({ ...columnsOf(known), landed }, facts) },
    usesText: usesPullRequestText(known.mergeMethod) && !landed,
  };
  if (facts.closed !== known.closed && (await isLanding(tx, known.batchId))) {
    return { kind: 'landing', id: known.id };
  }
  const reasons = [
    await applyText(tx, change),
    await applyBase(tx, change),
    await applyHead(tx, change, now),
    await applyDraft(tx, change),
    await applyClosing(tx, change, now),
  ].filter((reason) => reason !== null);
  await tx.update(PullRequest, known.id, {
    githubUpdatedAt: facts.updatedAt,
    ...(facts.commitCount > 0 ? countColumns(change) : {}),
  });
  if (reasons.length === 0) return { kind: 'unchanged', id: known.id };
  const moved = await tx.findOneByOrFail(PullRequest, { id: known.id });
  const because = reasons.join('; ');
  if (change.changes.some((one) => leavesStaging(one, change.usesText)))
    await leaveAndTell(tx, change, because, now);
  await refreshBatches(tx, [known.batchId, moved.batchId], { now, because });
  return { kind: 'changed', id: known.id };
}

function columnsOf({ title, body, base, head, draft, closed }: PullRequest) {
  return { title, body, base, head, draft, closed };
}

/**
 * The staging tests something that is no longer true, even if the batch could be staged again at once.
 *
 * @returns the staging that was left; null: there was none, or it lands already.
 */
export async function leaveNow(
  tx: EntityManager,
  batchId: number,
  { because, now }: { because: string; now: Date },
): Promise<number | null> {
  const staging = await activeStagingOf(tx, batchId);
  if (!staging) return null;
  return (await cancelStaging(tx, staging.id, { reason: because, now })) ? staging.id : null;
}

/** Whoever changed a pull request may not know that it was staged, so it is said; a closed one needs no words. */
async function leaveAndTell(
  tx: EntityManager,
  { known, facts, repository }: Change,
  because: string,
  now: Date,
): Promise<void> {
  const stagingId = await leaveNow(tx, known.batchId, { because, now });
  if (stagingId === null || facts.closed) return;
  if (!(await tx.existsBy(StagingPull, { stagingId, pullRequestId: known.id }))) return;
  const key = `unstaged/${stagingId}/${pullName(repository, known)}`;
  const text = unstaged({ staging: stagingId, because, draft: facts.draft });
  await say(tx, { at: known, key, text, now });
}

/** Back to one commit: an explicit method is no longer needed (spec 1.5). */
function countColumns({ known, facts }: Change): Partial<PullRequest> {
  const toSingle = facts.commitCount === 1 && known.commitCount > 1;
  return { commitCount: facts.commitCount, ...(toSingle ? { mergeMethod: null } : {}) };
}

const by = (facts: PullFacts) => (facts.actor ? ` by ${facts.actor}` : '');

async function applyText(
  tx: EntityManager,
  { known, facts, repository, changes, usesText }: Compared,
): Promise<string | null> {
  if (!changes.includes('text')) return null;
  const matters = dropsApproval('text', usesText);
  await tx.update(PullRequest, known.id, {
    title: facts.title,
    body: facts.body,
    ...(matters ? UNAPPROVED : {}),
  });
  return matters ? `merge message of ${pullName(repository, known)} edited${by(facts)}` : null;
}

async function applyBase(tx: EntityManager, change: Compared): Promise<string | null> {
  const { known, facts, repository, label } = change;
  if (!change.changes.includes('base')) return null;
  const target = await managedBranch(tx, repository, facts.base);
  const batchId = target && (await batchToMoveTo(tx, { repository, target, label }));
  await tx.update(PullRequest, known.id, {
    base: facts.base,
    targetId: target?.id ?? null,
    ...(batchId === null ? {} : { batchId }),
    ...UNAPPROVED,
  });
  return `target of ${pullName(repository, known)} changed from ${known.base} to ${facts.base}${by(facts)}`;
}

async function applyHead(tx: EntityManager, change: Compared, now: Date): Promise<string | null> {
  const { known, facts, repository, label } = change;
  if (!change.changes.includes('head')) return null;
  const ours = await followHead(tx, { pull: known, head: facts.head }, now);
  await tx.update(PullRequest, known.id, {
    head: facts.head,
    headSince: facts.updatedAt,
    headLabel: facts.headLabel,
    label,
    toldFailures: {},
    ...UNAPPROVED,
  });
  const who = ours ? ' to follow the pull request it was ported from' : by(facts);
  return `${pullName(repository, known)} updated${who}`;
}

async function applyDraft(
  tx: EntityManager,
  { known, facts, repository, changes }: Compared,
): Promise<string | null> {
  if (!changes.includes('drafted') && !changes.includes('undrafted')) return null;
  await tx.update(PullRequest, known.id, { draft: facts.draft });
  return facts.draft
    ? `${pullName(repository, known)} converted to draft${by(facts)}`
    : 'ready for review';
}

async function applyClosing(tx: EntityManager, change: Change, now: Date): Promise<string | null> {
  const { known, facts, repository } = change;
  if (facts.closed === known.closed) return reopenAgain(tx, change, now);
  if (known.mergedSha !== null) return facts.closed ? null : refuseReopening(tx, change, now);
  if (!facts.closed) return reopen(tx, change, now);
  if (await isHalfLanded(tx, known)) return null; // GitHub closes what it finds in the target; its batch is being repaired
  await tx.update(PullRequest, known.id, { closed: true, ...UNAPPROVED });
  await detachForClose(tx, known, now);
  await detachChildren(tx, known, now);
  await queueRemoval(tx, known, now);
  return `${pullName(repository, known)} closed${by(facts)}`;
}

/** A landed pull request is never open at GitHub: whoever reopens it is told so, and it is closed again. */
async function reopenAgain(tx: EntityManager, change: Change, now: Date): Promise<null> {
  if (change.known.mergedSha !== null && change.facts.reopened) {
    await refuseReopening(tx, change, now);
  }
  return null;
}

async function refuseReopening(
  tx: EntityManager,
  { known, facts, repository }: Change,
  now: Date,
): Promise<null> {
  const key = `reopened/${pullName(repository, known)}/${facts.updatedAt.toISOString()}`;
  const ping = facts.actor ? [facts.actor] : [];
  const text =
    known.mergedSha === null
      ? mergedBatchStaysClosed({ ping, linked: [] })
      : mergedStaysClosed({ ping });
  await say(tx, { at: known, key, text, now });
  await close(tx, { at: known, key: `${key}/close`, now });
  return null;
}

async function reopen(tx: EntityManager, change: Change, now: Date): Promise<string | null> {
  const { known, repository, facts } = change;
  const batch = await tx.findOneByOrFail(Batch, { id: known.batchId });
  if (batch.mergedAt !== null) return refuseReopening(tx, change, now);
  await tx.update(PullRequest, known.id, { closed: false });
  await tx.delete(BranchRemoval, { pullRequestId: known.id });
  return `${pullName(repository, known)} reopened${by(facts)}`;
}

/** Its branch may go some time after; reopening deletes the row (spec 5.14, 11.2 row 34). */
export async function queueRemoval(tx: EntityManager, pull: PullRequest, now: Date): Promise<void> {
  const branch = pull.targetId === null ? null : await tx.findOneBy(Branch, { id: pull.targetId });
  if (!branch) return;
  const project = await tx.findOneByOrFail(Project, { id: branch.projectId });
  const afterMs = project.settings.forwardport.branchRemovalAfterMs;
  const retryAt = new Date(now.getTime() + afterMs);
  await tx.insert(BranchRemoval, { pullRequestId: pull.id, queuedAt: now, retryAt });
}
