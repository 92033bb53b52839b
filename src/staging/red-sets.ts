import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { pullName, repositoriesById } from '../ledger/facts.ts';
import { PullRequest } from '../models/pull-request.ts';
import { RedSet } from '../models/red-set.ts';
import { type Staging, StagingHead, StagingPull } from '../models/staging.ts';
import { redSetKey, type TestedBatch } from '../rules/split.ts';
import type { StagedBatch } from './build.ts';
import type { Site } from './site.ts';

/** What is known to be red on a branch: digests, each with the staging that showed it. */
export type RedMemory = ReadonlyMap<string, number>;

/** Reads what is known about a branch. */
export async function readRedSets(tx: EntityManager, branchId: number): Promise<RedMemory> {
  const rows = await tx.findBy(RedSet, { branchId });
  return new Map(rows.map((row) => [row.key, row.stagingId]));
}

/** The name of a set on the targets as they are. */
export function keyOf(batches: readonly StagedBatch[], { lanes }: Site): string {
  const tested = batches.map(({ batch, pulls }): TestedBatch => ({
    id: batch.id,
    content: pulls.map(({ candidate }) => contentOf(candidate, candidate.head)),
  }));
  const bases = lanes.map(({ repository, base }) => [repository.name, base] as const);
  return digest(redSetKey(tested, Object.fromEntries(bases)));
}

/**
 * Remembers what CI found red. A single batch needs no memory: its pull requests are in error, and whoever takes them out
 * wants them tested again. A landing forgets all of its branch, since the bases are others then.
 */
export async function rememberRed(
  tx: EntityManager,
  { id: stagingId, branchId }: Staging,
  now: Date,
): Promise<void> {
  const pulls = await tx.findBy(StagingPull, { stagingId });
  const heads = await tx.findBy(StagingHead, { stagingId });
  const repositories = await repositoriesById(
    tx,
    heads.map((one) => one.repositoryId),
  );
  const contents = new Map<number, string[]>();
  for (const { pullRequestId, batchId, head } of pulls) {
    const pull = await tx.findOneByOrFail(PullRequest, { id: pullRequestId });
    const repository = repositories.get(pull.repositoryId);
    if (!repository) throw new Error('every repository of a staging has a head in it');
    const content = contentOf({ repository, pull }, head);
    contents.set(batchId, [...(contents.get(batchId) ?? []), content]);
  }
  const bases = heads.map(
    (one) => [repositories.get(one.repositoryId)?.name ?? '', one.base] as const,
  );
  const tested = [...contents].map(([id, content]) => ({ id, content }));
  const key = digest(redSetKey(tested, Object.fromEntries(bases)));
  await tx.upsert(RedSet, { branchId, key, stagingId, at: now }, ['branchId', 'key']);
}

function contentOf(one: Parameters<typeof nameOf>[0], head: string): string {
  return `${nameOf(one)}@${head} ${one.pull.mergeMethod ?? ''}`;
}

function nameOf({
  repository,
  pull,
}: {
  readonly repository: { readonly name: string };
  readonly pull: Pick<PullRequest, 'number' | 'mergeMethod'>;
}): string {
  return pullName(repository, pull);
}

function digest(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}
