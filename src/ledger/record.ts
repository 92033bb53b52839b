import type { EntityManager } from 'typeorm';
import { replacePattern } from '../lib/pattern.ts';
import { PullRequest } from '../models/pull-request.ts';
import { releaseWords } from '../models/queries/waiting-words.ts';
import { FetchJob } from '../models/queues.ts';
import { Repository } from '../models/repository.ts';
import { ageOf } from '../rules/pull-changes.ts';
import { substituteLabel, parseSubstitution } from '../rules/substitutions.ts';
import { commonLimit, joinBatch, lockLabels } from './batches.ts';
import { changePull, leaveNow } from './change.ts';
import { queueCompletion } from './complete.ts';
import { managedBranch, pullName } from './facts.ts';
import { greet } from './greet.ts';
import { personOf } from './people.ts';
import type { PullFacts, Recorded } from './pull-facts.ts';
import { refreshBatches } from './refresh.ts';
import { warnOfTwins } from './twins.ts';

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
  const repository = await tx.findOneByOrFail(Repository, { id: facts.repositoryId });
  await lockRecords(tx, [{ facts, repository }]);
  const known = await tx.findOne(PullRequest, {
    where: { repositoryId: facts.repositoryId, number: facts.number },
    lock: { mode: 'pessimistic_write' },
  });
  const label = labelOf(repository, facts);
  if (!known) return create(tx, { facts, repository, label }, now);
  const age = ageOf(facts.updatedAt, known.githubUpdatedAt);
  if (age === 'older') return { kind: 'stale', id: known.id };
  const recorded = await changePull(tx, { known, facts, repository, label }, now);
  if (age === 'same-second' && recorded.kind === 'changed') await confirm(tx, facts, now);
  return recorded;
}

/** A webhook may be the older one of the same second; GitHub knows. What was read from there needs no second look. */
async function confirm(
  tx: EntityManager,
  { repositoryId, number, actor }: PullFacts,
  now: Date,
): Promise<void> {
  if (actor !== undefined) await tx.insert(FetchJob, { repositoryId, number, queuedAt: now });
}

/** What is heard of one pull request. */
interface News {
  readonly facts: PullFacts;
  readonly repository: Repository;
}

/**
 * Takes the locks of what is to be recorded in the one order that keeps two transactions from waiting for each other: names
 * of pull requests, labels, batches; the rows of a batch's pull requests come after it, in the order of their ids. Whoever
 * records several at once, or changes other batches (`batchIds`) with them, calls it first.
 */
export async function lockRecords(
  tx: EntityManager,
  news: readonly News[],
  batchIds: readonly number[] = [],
): Promise<void> {
  const names = news.map(({ facts }) => `${facts.repositoryId}#${facts.number}`).sort();
  for (const name of names) {
    await tx.query('select pg_advisory_xact_lock($1, hashtext($2))', [RECORD_LOCK, name]);
  }
  const slots = news.map(({ facts, repository }) => ({
    projectId: repository.projectId,
    label: labelOf(repository, facts),
  }));
  await lockLabels(tx, slots);
  await tx.query(
    `select from batch b
      where b.id = any($1) or b.id in (
        select p.batch_id from unnest($2::int[], $3::int[]) as named (repository_id, number)
          join pull_request p using (repository_id, number))
      order by b.id for update`,
    [batchIds, news.map(({ facts }) => facts.repositoryId), news.map(({ facts }) => facts.number)],
  );
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
    limitId: await commonLimit(tx, batchId),
  });
  const id = (identifiers[0] as { id: number }).id;
  if (!facts.closed) {
    await greet(tx, { repository, number: facts.number, target }, now);
    const pull = await tx.findOneByOrFail(PullRequest, { id });
    await warnOfTwins(tx, { pull, repository }, now);
  }
  const because = `${pullName(repository, facts)} joined the batch`;
  if (!facts.closed) await leaveNow(tx, batchId, { because, now }); // it is no longer the whole batch, even with skipped checks
  await refreshBatches(tx, [batchId], { now, because });
  await queueCompletion(tx, { pullRequestId: id, batchId }, now);
  await releaseWords(tx, facts, now);
  return { kind: 'created', id };
}
