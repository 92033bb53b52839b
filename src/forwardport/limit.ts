import { type EntityManager, In } from 'typeorm';
import { say } from '../feedback/say.ts';
import { pullName } from '../ledger/facts.ts';
import { limitChangedElsewhere } from '../messages/forwardport-commands.ts';
import { Batch } from '../models/batch.ts';
import type { Branch } from '../models/branch.ts';
import { PullRequest } from '../models/pull-request.ts';
import { ForwardportJob } from '../models/queues.ts';
import { judgeLimit, type LimitOutcome } from '../rules/forwardport-limit.ts';
import { branchesOf, familyOf, kinOf } from './family.ts';
import { queuePort, tipOf } from './tip.ts';

/** `up to <branch>`, on one pull request. */
export interface LimitRequest {
  readonly pull: PullRequest;
  readonly branch: string;
  /** Names the comment that asked: the key of what is told elsewhere. */
  readonly key: string;
  readonly now: Date;
}

/** What came of it, with the names the answer needs. */
export interface LimitAnswer {
  readonly outcome: LimitOutcome;
  /** `owner/repo#n` of the root; null when it is the pull request itself. */
  readonly root: string | null;
  readonly tip: string;
}

/**
 * Sets how far a pull request, its whole batch and all their ports may be taken (forwardport spec 22). Before the merge it
 * is only noted; afterwards a queued port is cancelled, or the chain is taken up again at its tip. A refusal changes nothing.
 */
export async function setLimit(tx: EntityManager, request: LimitRequest): Promise<LimitAnswer> {
  const { pull, branch: requested, now } = request;
  const batch = await tx.findOneByOrFail(Batch, { id: pull.batchId });
  const branches = await branchesOf(tx, batch.projectId);
  const { root, source, repository } = await kinOf(tx, pull);
  const tip = await tipOf(tx, pull, branches);
  const outcome = judgeLimit({
    requested,
    branches,
    target: pull.base,
    running: pull.sourceId !== null || batch.mergedAt !== null || tip.pull.id !== pull.id,
    policy: batch.forwardportPolicy,
    tip: {
      name: pullName(repository, tip.pull),
      target: tip.pull.base,
      closed: tip.pull.state === 'closed',
      merged: tip.pull.state === 'merged',
      task: tip.task,
    },
  });
  const answer = {
    outcome,
    root: root.id === pull.id ? null : pullName(repository, root),
    tip: pullName(repository, tip.pull),
  };
  if (outcome.kind === 'refused') return answer;
  const limitBefore = branches.find(({ id }) => id === pull.limitId) ?? branches.at(-1);
  await writeLimit(tx, {
    batch,
    branches,
    limit: outcome.limit,
    running: outcome.kind === 'changed',
  });
  if (outcome.kind === 'set') {
    if (outcome.resetsPolicy) await tx.update(Batch, batch.id, { forwardportPolicy: 'default' });
    return answer;
  }
  if (outcome.cancelsTask) await tx.delete(ForwardportJob, { batchId: tip.pull.batchId });
  const same = limitBefore?.name === outcome.limit && !outcome.cancelsTask;
  const told = new Set(same ? [] : [source, root].filter((one) => one.id !== pull.id));
  for (const at of told) {
    const text = limitChangedElsewhere({ limit: outcome.limit, from: pullName(repository, pull) });
    await say(tx, { at, key: `${request.key}/limit/${at.id}`, text, now });
  }
  return resume(tx, { answer, outcome, batchId: tip.pull.batchId, now });
}

/** Goes on at the tip; the answer speaks of that only if there was something to queue. */
async function resume(
  tx: EntityManager,
  at: {
    answer: LimitAnswer;
    outcome: Extract<LimitOutcome, { kind: 'changed' }>;
    batchId: number;
    now: Date;
  },
): Promise<LimitAnswer> {
  const { answer, outcome, batchId, now } = at;
  if (outcome.resume !== 'port' && outcome.resume !== 'follow-up') return answer;
  const kind = outcome.resume === 'port' ? 'insert' : 'followup';
  const queued = await queuePort(tx, { batchId, kind, now });
  return queued ? answer : { ...answer, outcome: { ...outcome, resume: 'none' } };
}

/** The limit of each line of the batch: of its pull requests, or of whole families once there are ports. */
async function writeLimit(
  tx: EntityManager,
  to: { batch: Batch; branches: readonly Branch[]; limit: string; running: boolean },
): Promise<void> {
  const limit = to.branches.find((branch) => branch.name === to.limit);
  const ids = new Set<number>();
  for (const pull of await tx.findBy(PullRequest, { batchId: to.batch.id })) {
    const line = to.running ? await familyOf(tx, pull) : [pull];
    for (const one of line) ids.add(one.id);
  }
  await tx.update(PullRequest, { id: In([...ids]) }, { limitId: limit?.id ?? null });
}
