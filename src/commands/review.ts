import { type EntityManager, In, IsNull, Not } from 'typeorm';
import { say } from '../feedback/say.ts';
import { isApproved, pullName, repositoriesById } from '../ledger/facts.ts';
import { refreshBatches } from '../ledger/refresh.ts';
import { inTurn } from '../lib/in-turn.ts';
import {
  alreadyApproved,
  approvalRefused,
  approvedButFailed,
  REJECTIONS,
  siblingsStayApproved,
  skipchecksRemoved,
} from '../messages/commands.ts';
import { methodWanted } from '../messages/pull-request.ts';
import { Batch } from '../models/batch.ts';
import type { Project } from '../models/project.ts';
import { PullRequest } from '../models/pull-request.ts';
import { gateFacts } from '../models/queries/gate-facts.ts';
import { type ApprovedPullRequest, judgeApproval, mayReject } from '../rules/approval.ts';
import type { Command } from '../rules/commands.ts';
import { isFailure } from '../rules/status.ts';
import { type Answer, canSignOff, type CommandContext } from './context.ts';

/** `r+`: approves the head that is known now, on a port its attached ancestors too (R8, R27). */
export async function approve(
  context: CommandContext,
  command: Extract<Command, { kind: 'approve' }>,
): Promise<Answer> {
  const { tx, actor, text, project } = context;
  const pull = await tx.findOneByOrFail(PullRequest, { id: context.pull.id });
  const ancestors = await ancestorsOf(tx, pull);
  const outcome = judgeApproval({
    self: await approvable(context, pull),
    ancestors: await inTurn(ancestors, (one) => approvable(context, one)),
    numbers: command.numbers,
    head: command.head,
    headAtReview: text.head,
    hasEmail: canSignOff(context),
  });
  if (outcome.kind === 'already') {
    return {
      text: alreadyApproved({ ping: [actor.login], bot: project.bot, error: outcome.error }),
    };
  }
  if (outcome.kind !== 'approve') return { rejection: approvalRefused(outcome) };
  const names = new Set(outcome.pulls.map((one) => one.name));
  const family = [pull, ...ancestors];
  const named = await inTurn(family, (one) => nameOf(tx, one));
  const approved = family.filter((_, n) => names.has(named[n] ?? ''));
  for (const one of approved) await approveOne(context, one);
  await refreshBatches(
    tx,
    approved.map((one) => one.batchId),
    { now: context.now },
  );
  return warnOfFailure(context);
}

async function approveOne(
  { tx, actor, now, project }: CommandContext,
  pull: PullRequest,
): Promise<void> {
  await tx.update(PullRequest, pull.id, {
    approvedById: actor.id,
    approvedSha: pull.head,
    approvedAt: now,
  });
  if (pull.commitCount > 1 && pull.mergeMethod === null && !pull.methodAsked) {
    await askMethod(tx, { pull, project, login: actor.login, now });
  }
}

/** Asked with the approval, not only when the staging finds out. Once per pull request. */
async function askMethod(
  tx: EntityManager,
  { pull, project, login, now }: { pull: PullRequest; project: Project; login: string; now: Date },
): Promise<void> {
  await tx.update(PullRequest, pull.id, { methodAsked: true });
  const key = `method/${await nameOf(tx, pull)}`;
  const text = methodWanted({ ping: [login], bot: project.bot, commits: pull.commitCount });
  await say(tx, { at: pull, key, text, now });
}

async function warnOfFailure({ tx, pull, actor }: CommandContext): Promise<Answer> {
  const { statuses, skipchecks } = await gateFacts(tx, pull.id);
  if (statuses.state !== 'failure' || skipchecks) return {};
  const failures = statuses.contexts
    .filter((one) => one.counts && isFailure(one.state))
    .map(({ context, url }) => ({ context, url }));
  return { text: approvedButFailed({ ping: [actor.login], failures }) };
}

/** `r-`: takes back approval, error and skipped checks, and leaves the staging. */
export async function reject(context: CommandContext): Promise<Answer> {
  const { tx, actor, now } = context;
  const pull = await tx.findOneByOrFail(PullRequest, { id: context.pull.id });
  const batch = await tx.findOneByOrFail(Batch, { id: pull.batchId });
  if (!mayReject({ approved: isApproved(pull), skipchecks: batch.skipchecks })) {
    return { rejection: REJECTIONS.nothingToReject };
  }
  await takeBack(tx, pull, { now, because: `unreviewed (r-) by ${actor.login}` });
  const siblings = await approvedSiblings(tx, pull);
  const texts = [
    ...(batch.skipchecks ? [skipchecksRemoved()] : []),
    ...(siblings.length > 0 ? [siblingsStayApproved({ siblings })] : []),
  ];
  return texts.length > 0 ? { text: texts.join('\n\n') } : {};
}

/** Drops approval, error and skipped checks. `because` follows the name of the pull request. */
export async function takeBack(
  tx: EntityManager,
  pull: PullRequest,
  { now, because }: { readonly now: Date; readonly because: string },
): Promise<void> {
  const dropped = { approvedById: null, approvedSha: null, approvedAt: null, error: null };
  await tx.update(PullRequest, pull.id, dropped);
  await tx.update(Batch, pull.batchId, { skipchecks: false });
  const name = await nameOf(tx, pull);
  await refreshBatches(tx, [pull.batchId], { now, because: `${name} ${because}` });
}

async function approvedSiblings(tx: EntityManager, pull: PullRequest): Promise<string[]> {
  if (pull.sourceId === null) return [];
  const others = await tx.findBy(PullRequest, {
    sourceId: pull.sourceId,
    id: Not(pull.id),
    closed: false,
    mergedSha: IsNull(),
  });
  return inTurn(others.filter(isApproved), (one) => nameOf(tx, one));
}

/** `retry`: the error is forgotten; the batch goes to the back of its class. */
export async function retry({ tx, pull, now }: CommandContext): Promise<Answer> {
  const { error, batchId } = await tx.findOneByOrFail(PullRequest, { id: pull.id });
  if (error === null) return { rejection: REJECTIONS.notInError };
  await tx.update(PullRequest, pull.id, { error: null });
  await refreshBatches(tx, [batchId], { now });
  return {};
}

/** The attached ancestors of a port, nearest first, the root last. */
async function ancestorsOf(tx: EntityManager, pull: PullRequest): Promise<PullRequest[]> {
  const ancestors: PullRequest[] = [];
  for (let at = pull; at.parentId !== null;) {
    at = await tx.findOneByOrFail(PullRequest, { id: at.parentId });
    ancestors.push(at);
  }
  return ancestors;
}

async function approvable(
  { tx, text }: CommandContext,
  pull: PullRequest,
): Promise<ApprovedPullRequest> {
  return {
    name: await nameOf(tx, pull),
    number: pull.number,
    closed: pull.closed,
    merged: pull.mergedSha !== null,
    draft: pull.draft,
    error: pull.error !== null,
    approved: isApproved(pull),
    head: pull.head,
    newerThanWords: pull.headSince !== null && text.at < pull.headSince,
    managed: pull.targetId !== null,
  };
}

async function nameOf(tx: EntityManager, pull: PullRequest): Promise<string> {
  const repository = (await repositoriesById(tx, [pull.repositoryId])).get(pull.repositoryId);
  return repository ? pullName(repository, pull) : `#${pull.number}`;
}

/** Approves the unreviewed open pull requests of a batch, for `skipchecks`. */
export async function approveBatch(context: CommandContext, batchId: number): Promise<void> {
  const { tx, pull, actor, now } = context;
  const open = await tx.findBy(PullRequest, { batchId, closed: false });
  const unreviewed = open.filter((one) => one.id === pull.id || !isApproved(one));
  for (const one of unreviewed) {
    const approval = { approvedById: actor.id, approvedSha: one.head, approvedAt: now };
    await tx.update(PullRequest, { id: In([one.id]) }, approval);
  }
}
