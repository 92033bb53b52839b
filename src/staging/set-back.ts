import type { EntityManager } from 'typeorm';
import { say } from '../feedback/say.ts';
import { pullName } from '../ledger/facts.ts';
import { addressOf } from '../ledger/pings.ts';
import { refreshBatches } from '../ledger/refresh.ts';
import { methodWanted } from '../messages/pull-request.ts';
import { describeUnable, leftOut, unableToStage, type UnableReason } from '../messages/staging.ts';
import { PullRequest } from '../models/pull-request.ts';
import type { Candidate } from './candidate.ts';
import type { Obstacle } from './build.ts';

/** A pull request that stopped its batch. */
export interface Stopped {
  readonly candidate: Candidate;
  readonly obstacle: Obstacle;
  /** Nothing was in the staging before it: the obstacle is the pull request's own. */
  readonly first: boolean;
  readonly now: Date;
}

/**
 * Answers an obstacle (spec 5.6): a question for a missing method, an error with its reason where the pull request itself
 * is at fault, and the names of those in its way where it may well merge in the next staging (R21).
 */
export async function setBack(tx: EntityManager, stopped: Stopped): Promise<void> {
  const { candidate, obstacle, first } = stopped;
  if (obstacle.kind === 'ask-method') return askMethod(tx, { ...stopped, obstacle });
  if (!first && obstacle.kind === 'conflict' && obstacle.with.length > 0)
    return tellLeftOut(tx, { ...stopped, obstacle });
  if (!first && mayComeFromOthers(obstacle)) return; // it is tried again once those ahead of it landed or failed
  const { pull, repository, head } = candidate;
  const reason = describe(obstacle);
  await tx.update(PullRequest, pull.id, { error: describeUnable(reason) });
  await say(tx, {
    at: pull,
    key: `unstageable/${pullName(repository, pull)}/${head}/${obstacle.kind}`,
    text: unableToStage({ ...(await addressOf(tx, pull)), reason }),
    now: stopped.now,
  });
  await refreshBatches(tx, [pull.batchId], { now: stopped.now });
}

/** Whether what is ahead in the same staging can be the cause, with nobody to name. */
function mayComeFromOthers(obstacle: Obstacle): boolean {
  if (obstacle.kind === 'too-old') return true;
  return obstacle.kind === 'refused' && ['emptied', 'nothing-new'].includes(obstacle.reason);
}

async function tellLeftOut(
  tx: EntityManager,
  {
    candidate: { pull, repository, head },
    obstacle,
    now,
  }: Stopped & { obstacle: Extract<Obstacle, { kind: 'conflict' }> },
): Promise<void> {
  const others = obstacle.with.map((one) => pullName(one.repository, one.pull));
  const { ping } = await addressOf(tx, pull);
  await say(tx, {
    at: pull,
    key: `left-out/${pullName(repository, pull)}/${head}/${others.join(',')}`,
    text: leftOut({ ping, files: obstacle.files, others }),
    now,
  });
}

async function askMethod(
  tx: EntityManager,
  { candidate, obstacle, now }: Stopped & { obstacle: { kind: 'ask-method'; commits: number } },
): Promise<void> {
  const { pull, repository } = candidate;
  if (pull.methodAsked) return;
  await tx.update(PullRequest, pull.id, { methodAsked: true });
  await say(tx, {
    at: pull,
    key: `method/${pullName(repository, pull)}`,
    text: methodWanted({ ...(await addressOf(tx, pull)), commits: obstacle.commits }),
    now,
  });
}

/** The obstacle in the words' own terms: names instead of records. */
export function describe(obstacle: Exclude<Obstacle, { kind: 'ask-method' }>): UnableReason {
  switch (obstacle.kind) {
    case 'conflict':
      return { kind: 'conflict', files: obstacle.files };
    case 'too-old':
      return { kind: 'behind', commits: obstacle.behind, limit: obstacle.limit };
    case 'method':
      return obstacle;
    case 'commit':
      return obstacle;
    case 'gone':
      return { kind: 'other', text: obstacle.detail };
    case 'refused':
      return describeRefusal(obstacle);
  }
}

function describeRefusal({
  reason,
  commit,
  detail,
}: Extract<Obstacle, { kind: 'refused' }>): UnableReason {
  if (reason === 'emptied' && commit) return { kind: 'becomes-empty', commit };
  if (reason === 'merge-parents' && commit) return { kind: 'several-merge-parents', commit };
  if (reason === 'merge-commit' && commit) return { kind: 'merge-in-rebase', commit };
  if (reason === 'nothing-new') return { kind: 'empty' };
  return { kind: 'other', text: detail };
}
