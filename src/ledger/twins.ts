import type { EntityManager } from 'typeorm';
import { say } from '../feedback/say.ts';
import { sharesBatch } from '../messages/pull-request.ts';
import type { PullRequest } from '../models/pull-request.ts';
import { pullName } from './facts.ts';
import { pingsOf } from './pings.ts';

/**
 * Warns on a new pull request whose batch has another one of the same repository: a label used twice is seldom meant, and
 * both would land together or not at all (spec 11.2 row 35).
 */
export async function warnOfTwins(
  tx: EntityManager,
  { pull, repository }: { pull: PullRequest; repository: { readonly name: string } },
  now: Date,
): Promise<void> {
  const rows = await tx.query<{ number: number }[]>(
    `select number from pull_request
      where batch_id = $1 and repository_id = $2 and not closed and id <> $3 order by number`,
    [pull.batchId, pull.repositoryId, pull.id],
  );
  if (rows.length === 0) return;
  const others = rows.map((row) => pullName(repository, row));
  const ping = await pingsOf(tx, pull);
  const key = `twins/${pullName(repository, pull)}`;
  await say(tx, { at: pull, key, text: sharesBatch({ ping, others, label: pull.label }), now });
}
