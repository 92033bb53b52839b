import type { EntityManager } from 'typeorm';
import { say } from '../feedback/say.ts';
import { pingsOf } from '../ledger/pings.ts';
import { pullName } from '../ledger/facts.ts';
import { refreshBatches } from '../ledger/refresh.ts';
import { completionStopped } from '../messages/forwardport.ts';
import { Batch } from '../models/batch.ts';
import type { Branch } from '../models/branch.ts';
import { Port } from '../models/port.ts';
import { Project } from '../models/project.ts';
import { PullRequest } from '../models/pull-request.ts';
import type { ForwardportJob } from '../models/queues.ts';
import { isOpen } from '../rules/pull-request.ts';
import { nextTarget } from '../rules/forwardport-plan.ts';
import { branchesOf, type Kin, kinOf, nextFacts } from './family.ts';
import { type Intent, writeIntents } from './intent.ts';
import { readScene } from './plan.ts';
import { preparePorts } from './prepare.ts';
import { publishPorts } from './publish.ts';
import { recordPorts } from './record.ts';
import { tellImpossible } from './tell.ts';
import { mayPush } from './may-push.ts';
import type { Finish, Run } from '../world.ts';

/** One descendant batch the newcomer has to be in. */
interface Step {
  readonly project: Project;
  readonly target: Branch;
  readonly intents: readonly Intent[];
}

/** What to do for the next descendant batch. */
type Next =
  | { readonly kind: 'end' }
  | { readonly kind: 'adopted'; readonly batchId: number; readonly pull: PullRequest }
  | { readonly kind: 'port'; readonly batchId: number; readonly step: Step };

/**
 * Takes a pull request that joined a batch late to every batch made of it since, each time from the newcomer itself, and does
 * not stop at a conflict (forwardport spec 15). The ports join by the name of their branch, as all others do.
 *
 * @throws Error when the world is not ready: to be tried again; what is done already is found.
 */
export async function completeBatch(run: Run, job: ForwardportJob, finish: Finish): Promise<void> {
  const newcomer = job.pullRequestId;
  let at = { batchId: job.batchId, pullId: newcomer };
  for (;;) {
    const { pullId } = at;
    if (newcomer === null || pullId === null) break;
    const next = await run.transaction((tx) =>
      planStep(tx, { newcomer, pullId, batchId: at.batchId, now: run.now }),
    );
    if (next.kind === 'end') break;
    if (next.kind === 'adopted') {
      at = { batchId: next.batchId, pullId: next.pull.id };
      continue;
    }
    await mayPush(run);
    const made = await makeStep(run, {
      step: next.step,
      fromBatchId: at.batchId,
      again: job.attempts > 1,
    });
    if (made === null) break;
    at = { batchId: next.batchId, pullId: made };
  }
  await finish();
}

interface Place {
  readonly newcomer: number;
  /** The generation before: the newcomer, or its last port. */
  readonly pullId: number;
  readonly batchId: number;
  readonly now: Date;
}

async function planStep(tx: EntityManager, place: Place): Promise<Next> {
  const pull = await tx.findOneByOrFail(PullRequest, { id: place.pullId });
  const kin = await kinOf(tx, pull);
  const batch = await tx.findOneByOrFail(Batch, { id: place.batchId });
  const branches = await branchesOf(tx, batch.projectId);
  const descendant = await nextDescendant(tx, batch.id, branches);
  if (!descendant) return { kind: 'end' };
  const { child, target, branch } = descendant;
  const next = nextTarget(nextFacts(kin, branches));
  const own = next.kind === 'next' ? next.target : null;
  if (own !== target.name) {
    await tellStopped(tx, { kin, next: own, target, now: place.now });
    return { kind: 'end' };
  }
  const there = await tx.findOneBy(PullRequest, {
    batchId: child.id,
    repositoryId: pull.repositoryId,
    closed: false,
  });
  if (there)
    return {
      kind: 'adopted',
      batchId: child.id,
      pull: await adopt(tx, { kin, there, target, now: place.now }),
    };
  const project = await tx.findOneByOrFail(Project, { id: batch.projectId });
  const newcomer = await kinOf(tx, await tx.findOneByOrFail(PullRequest, { id: place.newcomer }));
  const pulls = [{ ...kin, root: newcomer.root }];
  const intents = await writeIntents(tx, { batch, target, pulls, branch });
  if (intents.length === 0) return { kind: 'end' };
  return { kind: 'port', batchId: child.id, step: { project, target, intents } };
}

/** The nearest batch made of this one, by its branch, and the name of its port branches. */
async function nextDescendant(tx: EntityManager, batchId: number, branches: readonly Branch[]) {
  const children = await tx.findBy(Batch, { parentId: batchId });
  const placed = children.flatMap((child) => {
    const target = branches.find((branch) => branch.id === child.targetId);
    return target ? [{ child, target }] : [];
  });
  const [nearest] = placed.sort((one, other) => one.target.sequence - other.target.sequence);
  if (!nearest) return null;
  const [port] = await tx.findBy(Port, {
    fromBatchId: batchId,
    targetId: nearest.target.id,
    state: 'opened',
  });
  return port ? { ...nearest, branch: port.branch } : null;
}

async function makeStep(
  run: Run,
  { step, fromBatchId, again }: { step: Step; fromBatchId: number; again: boolean },
): Promise<number | null> {
  const { project, target, intents } = step;
  const made = await preparePorts(run, { project, target: target.name }, intents);
  if (made.kind === 'impossible') {
    await run.transaction(async (tx) => {
      const { reason } = made;
      for (const { port } of intents) await tx.update(Port, port.id, { state: 'skipped', reason });
      const pulls = intents.map((intent) => intent.pull);
      await tellImpossible(tx, pulls, { target: target.name, reason, now: run.now });
    });
    return null;
  }
  const opened = await publishPorts(run, { project, target, again }, made.ports);
  const { login } = await run.world.identity(project.name, 'forwardport');
  const [child] = await run.transaction(async (tx) => {
    const scene = await readScene(tx, fromBatchId);
    const job = { kind: 'complete' as const };
    return recordPorts(tx, { scene, target, job, opened, bot: login, now: run.now });
  });
  return child?.child.id ?? null;
}

/** A pull request somebody put there by hand becomes the newcomer's port; it stays on its own. */
async function adopt(
  tx: EntityManager,
  { kin, there, target, now }: { kin: Kin; there: PullRequest; target: Branch; now: Date },
): Promise<PullRequest> {
  if (there.sourceId === null) {
    const detachReason = `adopted as the port of ${pullName(kin.repository, kin.source)}`;
    await tx.update(PullRequest, there.id, { sourceId: kin.source.id, detachReason });
    await tx
      .createQueryBuilder()
      .insert()
      .into(Port)
      .values({
        sourceId: kin.source.id,
        targetId: target.id,
        fromId: kin.pull.id,
        fromBatchId: kin.pull.batchId,
        repositoryId: kin.repository.id,
        state: 'opened',
        branch: there.headLabel.split(':')[1] ?? '',
        pullRequestId: there.id,
      })
      .orIgnore()
      .execute();
    await refreshBatches(tx, [there.batchId], { now });
  }
  return tx.findOneByOrFail(PullRequest, { id: there.id });
}

async function tellStopped(
  tx: EntityManager,
  { kin, next, target, now }: { kin: Kin; next: string | null; target: Branch; now: Date },
): Promise<void> {
  if (!isOpen(kin.pull.state) && kin.pull.state !== 'merged') return;
  await say(tx, {
    at: kin.pull,
    key: `completion-stopped/${pullName(kin.repository, kin.pull)}/${target.name}`,
    text: completionStopped({ ping: await pingsOf(tx, kin.pull), next, batchTarget: target.name }),
    now,
    account: 'forwardport',
  });
}
