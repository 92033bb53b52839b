import type { EntityManager } from 'typeorm';
import type { Commit } from '../git/index.ts';
import { isApproved } from '../ledger/facts.ts';
import { type Sha, sha } from '../lib/ids.ts';
import { inTurn } from '../lib/in-turn.ts';
import type { Batch } from '../models/batch.ts';
import { Person } from '../models/person.ts';
import { PullRequest } from '../models/pull-request.ts';
import { Repository } from '../models/repository.ts';
import type { LandingFacts } from '../rules/landing-message.ts';
import type { Reference } from '../rules/references.ts';
import { signature } from '../rules/squash-authors.ts';

/** A pull request that is about to be staged. */
export interface Candidate {
  readonly pull: PullRequest;
  readonly repository: Repository;
  /** The approved head; fetched by id, never by name (I-12). */
  readonly head: Sha;
  readonly facts: LandingFacts;
  /** Issues of its repository that GitHub links to it, once GitHub was asked. */
  readonly linkedIssues?: readonly number[];
}

/** Its own commits, oldest first. */
export type Series = readonly Commit[];

/**
 * The open pull requests of a batch as candidates, in the order of their repositories; null when one of them is not what
 * was approved, so that the batch cannot be staged now.
 */
export async function candidatesOf(tx: EntityManager, batch: Batch): Promise<Candidate[] | null> {
  const candidates = await readCandidates(tx, batch.id);
  return batch.skipchecks || candidates.every(({ pull }) => isApproved(pull)) ? candidates : null;
}

/** The open pull requests of a batch, approved or not, in the order of their repositories. */
export async function readCandidates(tx: EntityManager, batchId: number): Promise<Candidate[]> {
  const pulls = await tx.find(PullRequest, {
    where: { batchId, closed: false },
    order: { repositoryId: 'asc', number: 'asc' },
  });
  const repositories = await inTurn(pulls, (pull) =>
    tx.findOneByOrFail(Repository, { id: pull.repositoryId }),
  );
  const references = pulls.map((pull, n): Reference => ({
    repository: repositories[n]?.name ?? '',
    number: pull.number,
  }));
  const candidates: Candidate[] = [];
  for (const [n, pull] of pulls.entries()) {
    const [repository, self] = [repositories[n], references[n]];
    if (!repository || !self) throw new Error('as many repositories as pull requests');
    const linked = references.filter((one) => one !== self);
    const facts = { self, linked, signers: await signersOf(tx, pull) };
    candidates.push({ pull, repository, head: sha(pull.head), facts });
  }
  return candidates;
}

/** Reviewers of source, root and the pull request itself, in that order, as they sign off (R25). */
async function signersOf(tx: EntityManager, pull: PullRequest): Promise<string[]> {
  const chain = [pull];
  for (let at = pull; at.parentId !== null;) {
    at = await tx.findOneByOrFail(PullRequest, { id: at.parentId });
    chain.unshift(at);
  }
  const source =
    pull.sourceId === null ? null : await tx.findOneByOrFail(PullRequest, { id: pull.sourceId });
  const ids = [source?.approvedById, chain[0]?.approvedById, pull.approvedById];
  const signers: string[] = [];
  for (const id of ids) {
    if (id === null || id === undefined) continue;
    signers.push(signature(await tx.findOneByOrFail(Person, { id })));
  }
  return [...new Set(signers)];
}
