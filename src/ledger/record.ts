import type { EntityManager } from 'typeorm';
import { replacePattern } from '../lib/pattern.ts';
import { PullRequest } from '../models/pull-request.ts';
import { releaseWords } from '../models/queries/waiting-words.ts';
import { Repository } from '../models/repository.ts';
import { substituteLabel, parseSubstitution } from '../rules/substitutions.ts';
import { joinBatch } from './batches.ts';
import { changePull } from './change.ts';
import { queueCompletion } from './complete.ts';
import { managedBranch, pullName } from './facts.ts';
import { greet } from './greet.ts';
import { personOf } from './people.ts';
import type { PullFacts, Recorded } from './pull-facts.ts';
import { refreshBatches } from './refresh.ts';

const RECORD_LOCK = 4_100; // first key of the lock on one pull request of GitHub; any number, everywhere the same

/**
 * Makes the record of a pull request equal to what GitHub says, with all that follows: approval dropped, staging left,
 * batch formed, ports detached. The facts may come in any order, twice, or late: only newer ones count (reliability P4).
 */
export async function recordPullRequest(
  tx: EntityManager,
  facts: PullFacts,
  now: Date,
): Promise<Recorded> {
  await tx.query('select pg_advisory_xact_lock($1, hashtext($2))', [
    RECORD_LOCK,
    `${facts.repositoryId}#${facts.number}`,
  ]);
  const known = await tx.findOne(PullRequest, {
    where: { repositoryId: facts.repositoryId, number: facts.number },
    lock: { mode: 'pessimistic_write' },
  });
  const repository = await tx.findOneByOrFail(Repository, { id: facts.repositoryId });
  const label = labelOf(repository, facts);
  if (!known) return create(tx, { facts, repository, label }, now);
  if (facts.updatedAt < known.githubUpdatedAt) return { kind: 'stale', id: known.id };
  return changePull(tx, { known, facts, repository, label }, now);
}

/** The head label after the repository's substitutions, so that differently named forks match. */
function labelOf(repository: Repository, facts: PullFacts): string {
  const rules = repository.substitutions
    .map(parseSubstitution)
    .flatMap((line) => (line.kind === 'substitution' ? [line.substitution] : []));
  return substituteLabel(facts.headLabel, rules, replacePattern);
}

async function create(
  tx: EntityManager,
  { facts, repository, label }: { facts: PullFacts; repository: Repository; label: string },
  now: Date,
): Promise<Recorded> {
  const target = await managedBranch(tx, repository, facts.base);
  if (!target) return { kind: 'unmanaged' };
  const batchId = await joinBatch(tx, { repository, target, label }, now);
  const author = facts.author && (await personOf(tx, facts.author));
  const { identifiers } = await tx.insert(PullRequest, {
    repositoryId: repository.id,
    number: facts.number,
    title: facts.title,
    body: facts.body,
    base: facts.base,
    targetId: target.id,
    head: facts.head,
    headSince: facts.headSince ?? null,
    label,
    headLabel: facts.headLabel,
    authorId: author?.id ?? null,
    draft: facts.draft,
    closed: facts.closed,
    commitCount: facts.commitCount,
    openedAt: facts.createdAt,
    githubUpdatedAt: facts.updatedAt,
    stateSince: now,
    batchId,
  });
  const id = (identifiers[0] as { id: number }).id;
  if (!facts.closed) await greet(tx, { repository, number: facts.number, target }, now);
  const because = `${pullName(repository, facts)} joined the batch`;
  await refreshBatches(tx, [batchId], { now, because });
  await queueCompletion(tx, { pullRequestId: id, batchId }, now);
  await releaseWords(tx, facts, now);
  return { kind: 'created', id };
}
