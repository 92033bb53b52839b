import { type EntityManager, In } from 'typeorm';
import { matchesWhole } from '../lib/pattern.ts';
import { Batch } from '../models/batch.ts';
import { Branch } from '../models/branch.ts';
import { PullRequest } from '../models/pull-request.ts';
import { Repository } from '../models/repository.ts';
import type { NextTargetFacts, PlanBranch } from '../rules/forwardport-plan.ts';

/** A pull request with those its ports depend on. */
export interface Kin {
  readonly pull: PullRequest;
  /** The first of the chain, whatever was detached since; itself when it is no port. */
  readonly source: PullRequest;
  /** Where its content comes from: the first one up its unbroken parents; itself without a parent. */
  readonly root: PullRequest;
  readonly repository: Repository;
}

/** The source of a family and all its ports, open or not, oldest first. */
export async function familyOf(tx: EntityManager, pull: PullRequest): Promise<PullRequest[]> {
  const sourceId = pull.sourceId ?? pull.id;
  return tx.find(PullRequest, {
    where: [{ id: sourceId }, { sourceId }],
    order: { id: 'asc' },
  });
}

/** Finds source and root of a pull request. */
export async function kinOf(tx: EntityManager, pull: PullRequest): Promise<Kin> {
  const family = new Map((await familyOf(tx, pull)).map((one) => [one.id, one]));
  let root = pull;
  for (let at: PullRequest | undefined = pull; at; at = family.get(at.parentId ?? 0)) root = at;
  return {
    pull,
    source: family.get(pull.sourceId ?? pull.id) ?? pull,
    root,
    repository: await tx.findOneByOrFail(Repository, { id: pull.repositoryId }),
  };
}

/** The pull requests of a batch that are not closed, in the order of their repositories. */
export async function kinOfBatch(tx: EntityManager, batchId: number): Promise<Kin[]> {
  const pulls = await tx.find(PullRequest, { where: { batchId }, order: { id: 'asc' } });
  const kin: Kin[] = [];
  for (const pull of pulls) if (pull.state !== 'closed') kin.push(await kinOf(tx, pull));
  return kin.sort((one, other) => one.repository.sequence - other.repository.sequence);
}

/** Branches of a project, oldest first, disabled ones too. */
export function branchesOf(tx: EntityManager, projectId: number): Promise<Branch[]> {
  return tx.find(Branch, { where: { projectId }, order: { sequence: 'asc', id: 'asc' } });
}

/** The branches as a repository sees them. */
function seenFrom(repository: Repository, branches: readonly Branch[]): PlanBranch[] {
  return branches.map(({ name, active }) => ({
    name,
    active,
    existsInRepository: matchesWhole(repository.branchFilter, name),
  }));
}

/** What the next branch of a pull request follows from. The limit is the source's (forwardport spec 1.4). */
export function nextFacts(kin: Kin, branches: readonly Branch[]): NextTargetFacts {
  const limit = branches.find((branch) => branch.id === kin.source.limitId);
  return {
    branches: seenFrom(kin.repository, branches),
    target: kin.pull.base,
    limit: limit?.name ?? null,
  };
}

/** Names of the branches a batch was ported to, whatever became of those ports. */
export async function portedTo(tx: EntityManager, batchId: number): Promise<string[]> {
  const children = await tx.findBy(Batch, { parentId: batchId });
  const ids = children.flatMap((child) => (child.targetId === null ? [] : [child.targetId]));
  const branches = await tx.findBy(Branch, { id: In(ids) });
  return branches.map((branch) => branch.name);
}
