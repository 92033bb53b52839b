import type { EntityManager } from 'typeorm';
import { isApproved } from '../ledger/facts.ts';
import { Person } from '../models/person.ts';
import { PullRequest } from '../models/pull-request.ts';
import { takeBack } from './review.ts';

/**
 * Takes an approval back whose review was dismissed at GitHub (B-051). `approver`: numeric id of the review's author.
 *
 * @returns false when there was no approval of his.
 */
export async function dropDismissed(
  tx: EntityManager,
  review: { repositoryId: number; number: number; approver: string; now: Date },
): Promise<boolean> {
  const { repositoryId, number, approver, now } = review;
  const pull = await tx.findOneBy(PullRequest, { repositoryId, number });
  const person = await tx.findOneBy(Person, { githubId: approver });
  if (!pull || !person || pull.approvedById !== person.id || !isApproved(pull)) return false;
  await takeBack(tx, pull, {
    now,
    because: `lost its approval: the review of ${person.login} was dismissed`,
  });
  return true;
}
