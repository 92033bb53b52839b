import { type EntityManager, In } from 'typeorm';
import { matchesWhole } from '../lib/pattern.ts';
import type { Batch } from '../models/batch.ts';
import { Branch } from '../models/branch.ts';
import { PullRequest } from '../models/pull-request.ts';
import { overridesOf } from '../models/queries/overrides.ts';
import { judge as judgeCommits } from '../models/queries/verdicts.ts';
import { Repository } from '../models/repository.ts';
import type { BatchedPullRequest } from '../rules/batch.ts';
import { pullRequestState } from '../rules/pull-request.ts';
import type { Verdict } from '../rules/status.ts';

/** A pull request with what is needed to judge it. */
export interface JudgedPull {
  readonly row: PullRequest;
  readonly repository: Repository;
  readonly verdict: Verdict;
  readonly facts: BatchedPullRequest;
}

/** `owner/repo#n`. */
export function pullName(repository: { name: string }, pull: { number: number }): string {
  return `${repository.name}#${pull.number}`;
}

/** An approval counts for the head it was given for (R8). */
export function isApproved(pull: PullRequest): boolean {
  return pull.approvedById !== null && pull.approvedSha === pull.head;
}

/** Locks the pull requests of a batch, in the order of their ids, and judges each of them. */
export async function judgeBatch(tx: EntityManager, batch: Batch): Promise<JudgedPull[]> {
  const rows = await tx.find(PullRequest, {
    where: { batchId: batch.id },
    order: { id: 'asc' },
    lock: { mode: 'pessimistic_write' },
  });
  const judged: JudgedPull[] = [];
  for (const row of rows) judged.push(await judge(tx, batch, row));
  return judged;
}

async function judge(tx: EntityManager, batch: Batch, row: PullRequest): Promise<JudgedPull> {
  const repository = await tx.findOneByOrFail(Repository, { id: row.repositoryId });
  const [result] = await judgeCommits(tx, [
    {
      purpose: 'pull-request',
      repositoryId: repository.id,
      sha: row.head,
      branch: row.base,
      overrides: await overridesOf(tx, row.id),
    },
  ]);
  if (!result) throw new Error('one subject gives one verdict');
  const state = pullRequestState({
    closed: row.closed,
    merged: batch.mergedAt !== null && row.mergedSha !== null,
    error: row.error !== null,
    skipchecks: batch.skipchecks,
    approved: isApproved(row),
    status: result.state,
  });
  return {
    row,
    repository,
    verdict: result,
    facts: {
      name: pullName(repository, row),
      number: row.number,
      target: row.base,
      state,
      closed: row.closed,
      error: row.error !== null,
      draft: row.draft,
      approved: isApproved(row),
      status: result.state,
    },
  };
}

/** The repositories of a project in which a branch exists, in the order of pushes. */
export async function repositoriesOf(tx: EntityManager, branch: Branch): Promise<Repository[]> {
  const all = await tx.find(Repository, {
    where: { projectId: branch.projectId, active: true },
    order: { sequence: 'asc', id: 'asc' },
  });
  return all.filter((one) => matchesWhole(one.branchFilter, branch.name));
}

/** Repositories by id. */
export async function repositoriesById(
  tx: EntityManager,
  ids: readonly number[],
): Promise<Map<number, Repository>> {
  const rows = await tx.findBy(Repository, { id: In([...new Set(ids)]) });
  return new Map(rows.map((row) => [row.id, row]));
}

/** The managed branch of that name, in the project of a repository, if it exists there. */
export async function managedBranch(
  tx: EntityManager,
  repository: Repository,
  name: string,
): Promise<Branch | null> {
  if (!matchesWhole(repository.branchFilter, name)) return null;
  return tx.findOneBy(Branch, { projectId: repository.projectId, name });
}
