import { isDeepStrictEqual } from 'node:util';
import { type EntityManager, In } from 'typeorm';
import { refreshStaging } from '../ledger/staging-state.ts';
import { Batch } from '../models/batch.ts';
import { Branch } from '../models/branch.ts';
import type { Project } from '../models/project.ts';
import { Split } from '../models/split.ts';
import { Staging, StagingBatch, StagingHead, StagingPull } from '../models/staging.ts';
import type { StagingPlan } from '../rules/staging-plan.ts';
import type { Builder, StagedBatch } from './build.ts';
import { type Candidate, readCandidates } from './candidate.ts';
import { stillStageable, takeSplit } from './choose.ts';
import type { Site } from './site.ts';

/** A built staging that is about to be written down. */
export interface BuiltStaging {
  readonly site: Site;
  readonly builder: Builder;
  readonly heads: StagingContent['heads'];
  readonly plan: StagingPlan<Batch>;
  /** What CI has shown already: only a part is staged. */
  readonly known: KnownRed | null;
  readonly now: Date;
}

/** A set that is known to be red: the staging that showed it, and its parts that wait as splits. */
export interface KnownRed {
  readonly stagingId: number;
  readonly waiting: readonly (readonly Batch[])[];
}

/**
 * Writes the staging before anything is pushed (R4). Otherwise what was built is forgotten.
 *
 * @returns its id; null when one of its batches is not ready any more, which will ring when it is; `outdated` when they are
 * ready, and something else would be built of them now, of which nobody need have rung.
 */
export async function recordStaging(
  tx: EntityManager,
  built: BuiltStaging,
): Promise<number | 'outdated' | null> {
  const { site, builder, heads, plan, known, now } = built;
  const ids = builder.staged.map((one) => one.batch.id);
  if (!(await stillStageable(tx, ids))) return null;
  if (await haveChanged(tx, builder.staged)) return 'outdated';
  if (!(await claimBranch(tx, site.branch.id))) return null;
  const splitId = await takeSplit(tx, plan);
  if (known) await keepWaiting(tx, site.branch.id, known);
  const { identifiers } = await tx.insert(Staging, {
    projectId: site.project.id,
    branchId: site.branch.id,
    stagedAt: now,
    timeoutAt: startLimit(site.project, now),
    parentId: known?.stagingId ?? splitId,
    losses: lossesOf(built),
  });
  const id = (identifiers[0] as { id: number }).id;
  await recordContent(tx, id, { batches: builder.staged, heads });
  await refreshStaging(tx, id, now);
  return id;
}

/**
 * Whether something else would be built now. A batch that is ready again is not always what it was: a pull request may have
 * joined it meanwhile and be ready too, or one of them have another head, text or reviewer.
 */
async function haveChanged(tx: EntityManager, staged: readonly StagedBatch[]): Promise<boolean> {
  for (const { batch, pulls } of staged) {
    const then = pulls.map(({ candidate }) => whatCounts(candidate));
    const now = (await readCandidates(tx, batch.id)).map(whatCounts);
    if (!isDeepStrictEqual(then, now)) return true;
  }
  return false;
}

function whatCounts({ pull, head, facts }: Candidate): unknown {
  const { id, title, body, base, mergeMethod } = pull;
  return { id, title, body, base, mergeMethod, head, signers: facts.signers };
}

/** The parts that are tested afterwards. One whose batches changed meanwhile is just in the queue. */
async function keepWaiting(
  tx: EntityManager,
  branchId: number,
  { stagingId, waiting }: KnownRed,
): Promise<void> {
  for (const part of waiting) {
    const ids = part.map((batch) => batch.id);
    if (!(await stillStageable(tx, ids))) continue;
    const { identifiers } = await tx.insert(Split, { branchId, stagingId });
    await tx.update(Batch, { id: In(ids) }, { splitId: (identifiers[0] as { id: number }).id });
  }
}

/** Batches of the chosen split that did not make it (spec 1.7). */
function lossesOf({ builder, plan, known }: BuiltStaging): number[] {
  if (plan.kind !== 'split') return [];
  const kept = [...builder.staged.map((one) => one.batch), ...(known?.waiting.flat() ?? [])];
  const ids = new Set(kept.map((batch) => batch.id));
  return plan.batches.map((batch) => batch.id).filter((id) => !ids.has(id));
}

/** Until when CI has to begin (R11); once it has, the running time counts. */
export function startLimit({ settings: { staging } }: Project, now: Date): Date {
  return new Date(now.getTime() + (staging.startTimeoutMs ?? staging.timeoutMs));
}

/** One running staging a branch (I-08): the row of the branch is the lock. From now on it has scratch branches. */
export async function claimBranch(tx: EntityManager, branchId: number): Promise<boolean> {
  await tx.query('select 1 from branch where id = $1 for update', [branchId]);
  if (await tx.existsBy(Staging, { branchId, active: true })) return false;
  await tx.update(Branch, { id: branchId, scratch: false }, { scratch: true });
  return true;
}

/** What is in a staging: its batches in order, and where each repository starts and ends. */
export interface StagingContent {
  readonly batches: readonly StagedBatch[];
  readonly heads: readonly Omit<StagingHead, 'stagingId'>[];
}

/** Writes down what a staging is made of. */
export async function recordContent(
  tx: EntityManager,
  stagingId: number,
  { batches, heads }: StagingContent,
): Promise<void> {
  let position = 0;
  for (const { batch, pulls } of batches) {
    await tx.insert(StagingBatch, { stagingId, batchId: batch.id, position: position++ });
    for (const pull of pulls) {
      await tx.insert(StagingPull, {
        stagingId,
        pullRequestId: pull.candidate.pull.id,
        batchId: batch.id,
        position: position++,
        head: pull.candidate.head,
        mergedSha: pull.mergedSha,
        commitsMap: pull.map,
        closes: [...pull.closes],
      });
    }
  }
  for (const head of heads) await tx.insert(StagingHead, { stagingId, ...head });
}
