import type { EntityManager } from 'typeorm';
import { LandingStep } from '../models/landing-step.ts';
import { Project } from '../models/project.ts';
import { PullRequest } from '../models/pull-request.ts';
import { Staging, StagingHead, StagingPull } from '../models/staging.ts';
import { cancelStaging } from '../ledger/stagings.ts';

/**
 * Writes the journal of a landing: which target goes from where to where (R17). From here on nothing cancels it. Repeating
 * it gives what is written.
 *
 * @returns the staging, or null when it may not land: cancelled, no longer what was approved (I-12), or the project is frozen.
 */
export async function planLanding(
  tx: EntityManager,
  { stagingId, now }: { stagingId: number; now: Date },
): Promise<Staging | null> {
  const staging = await tx.findOne(Staging, {
    where: { id: stagingId },
    lock: { mode: 'pessimistic_write' },
  });
  if (!staging?.active || staging.state !== 'success') return null;
  if (await tx.existsBy(LandingStep, { stagingId })) return staging;
  const project = await tx.findOneByOrFail(Project, { id: staging.projectId });
  if (project.frozen && staging.repairsId === null) return null; // thawing rings again
  const changed = await changedSince(tx, stagingId);
  if (changed !== null) {
    await cancelStaging(tx, stagingId, { reason: changed, now });
    return null;
  }
  for (const head of await tx.findBy(StagingHead, { stagingId, changed: true })) {
    await tx.insert(LandingStep, {
      stagingId,
      repositoryId: head.repositoryId,
      from: head.base,
      to: head.head,
    });
  }
  return staging;
}

/** The last look before the point of no return: every staged head is still the approved one. */
async function changedSince(tx: EntityManager, stagingId: number): Promise<string | null> {
  for (const staged of await tx.findBy(StagingPull, { stagingId })) {
    const pull = await tx.findOneOrFail(PullRequest, {
      where: { id: staged.pullRequestId },
      lock: { mode: 'pessimistic_write' },
    });
    if (pull.state !== 'ready' || pull.head !== staged.head || pull.closed) {
      return `#${pull.number} is no longer what was staged`;
    }
  }
  return null;
}
