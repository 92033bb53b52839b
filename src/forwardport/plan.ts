import type { EntityManager } from 'typeorm';
import { pullName } from '../ledger/facts.ts';
import { Batch } from '../models/batch.ts';
import type { Branch } from '../models/branch.ts';
import { Project } from '../models/project.ts';
import type { ForwardportJob } from '../models/queues.ts';
import {
  followUp,
  nextTarget,
  portDecision,
  portsAfterMerge,
  type NextTarget,
} from '../rules/forwardport-plan.ts';
import { branchesOf, type Kin, kinOfBatch, nextFacts, portedTo } from './family.ts';

/** A pull request of the batch and where it goes next. */
export interface Candidate extends Kin {
  readonly name: string;
  readonly next: NextTarget;
}

/** A batch with all that its next port follows from. */
export interface PortScene {
  readonly batch: Batch;
  readonly project: Project;
  /** Oldest first. */
  readonly branches: readonly Branch[];
  readonly candidates: readonly Candidate[];
}

/** What a job comes to. `nothing` is a success: the job is done. */
export type PortPlan =
  | { readonly kind: 'nothing'; readonly reason: string }
  | {
      readonly kind: 'discrepancy';
      readonly targets: readonly { readonly pull: Candidate; readonly target: string }[];
    }
  | { readonly kind: 'port'; readonly target: Branch; readonly pulls: readonly Candidate[] };

/** Reads what is to be judged. */
export async function readScene(tx: EntityManager, batchId: number): Promise<PortScene> {
  const batch = await tx.findOneByOrFail(Batch, { id: batchId });
  const project = await tx.findOneByOrFail(Project, { id: batch.projectId });
  const branches = await branchesOf(tx, project.id);
  const kin = await kinOfBatch(tx, batch.id);
  const candidates = kin.map((one) => ({
    ...one,
    name: pullName(one.repository, one.pull),
    next: nextTarget(nextFacts(one, branches)),
  }));
  return { batch, project, branches, candidates };
}

/** Judges a job by what is true now, not when it was queued (forwardport spec 3, 4, 11). */
export async function planPort(
  tx: EntityManager,
  scene: PortScene,
  kind: ForwardportJob['kind'],
): Promise<PortPlan> {
  const { batch, branches, candidates } = scene;
  const done = await portedTo(tx, batch.id);
  const obstacle = obstacleTo(kind, scene, done);
  if (obstacle !== null) return { kind: 'nothing', reason: obstacle };
  const decision = portDecision({
    held: !scene.project.settings.forwardport.enabled,
    hasToken: true, // the second account falls back on the first, which every project has
    withoutRemote: [], // ports go to the repository itself where no other remote is named
    pulls: candidates,
    portedTo: done,
  });
  switch (decision.kind) {
    case 'held':
      return { kind: 'nothing', reason: 'held' };
    case 'port': {
      const target = branches.find((branch) => branch.name === decision.target);
      if (!target) throw new Error(`branch ${decision.target} was planned but is not there`);
      return { kind: 'port', target, pulls: decision.pulls };
    }
    case 'nothing':
    case 'discrepancy':
      return decision;
  }
}

/** What keeps a job of this kind from being looked at any further; null: nothing does. */
function obstacleTo(
  kind: ForwardportJob['kind'],
  { batch, branches, candidates }: PortScene,
  done: readonly string[],
): string | null {
  const policy = batch.forwardportPolicy;
  const pulls = candidates.map(({ pull, next }) => ({
    attached: pull.parentId !== null,
    status: pull.status,
    next,
  }));
  if (kind === 'merge') {
    if (batch.mergedAt === null && policy !== 'skipmerge') return 'not-merged';
    const starts = portsAfterMerge({ hasToken: true, policy, hasChild: done.length > 0, pulls });
    return starts ? null : policy === 'no' ? 'policy' : 'already-ported';
  }
  if (kind !== 'followup') return policy === 'no' ? 'policy' : null;
  const own = branches.find((branch) => branch.id === batch.targetId);
  const next = followUp({
    policy,
    hasParentBatch: batch.parentId !== null,
    forced: own?.active === false,
    pulls,
    portedTo: done,
    taskQueued: false,
  });
  // a discrepancy of a follow-up is told to nobody before it is merged (forwardport spec 11)
  return next.kind === 'port' ? null : next.reason;
}
