import type { EntityManager } from 'typeorm';
import { expectSaid } from '../feedback/say.ts';
import type { Branch } from '../models/branch.ts';
import { Port } from '../models/port.ts';
import { FetchJob, type ForwardportJob } from '../models/queues.ts';
import { adoptEarlier } from './earlier.ts';
import { type Intent, storeReason, writeIntents } from './intent.ts';
import { type PortPlan, type PortScene, planPort, readScene } from './plan.ts';
import { preparePorts } from './prepare.ts';
import { type Opened, publishPorts } from './publish.ts';
import { recordPorts } from './record.ts';
import type { Recording } from './recording.ts';
import { tellDiscrepancy, tellImpossible } from './tell.ts';
import { mayPush } from './may-push.ts';
import type { Finish, Run } from '../world.ts';

/** What a job has to do, read and written down in one transaction. */
interface Task {
  readonly scene: PortScene;
  readonly target: Branch;
  readonly intents: readonly Intent[];
}

/**
 * Takes a batch to its next branch: intent rows, picks, branches, pull requests, and then all records at once. May be
 * stopped anywhere and run again: what an earlier try did is found and adopted (reliability P3).
 *
 * @throws Error when the world is not ready: the job is tried again later.
 */
export async function portBatch(run: Run, job: ForwardportJob, finish: Finish): Promise<void> {
  const task = await run.transaction((tx) => planTask(tx, run, job));
  if (task === null) return finish();
  const { scene, target } = task;
  const { project, batch } = scene;
  const beginning = { project, target, batch, again: job.attempts > 1 };
  const { intents, found } = await adoptEarlier(run, beginning, task.intents);
  const made = await preparePorts(run, { project, target: target.name }, intents);
  if (made.kind === 'impossible') {
    await finish((tx) => giveUp(tx, task, { reason: made.reason, now: run.now }));
    return;
  }
  await mayPush(run);
  const again = beginning.again || found.length > 0;
  const opened = await publishPorts(run, { project, target, again }, made.ports);
  const { login } = await run.world.identity(project.name, 'forwardport');
  await finish(async (tx) => {
    const recording = { scene, target, job, opened, bot: login, now: run.now };
    await recordFound(tx, recording, found);
  });
}

/**
 * Ports that were forgotten may have been told of, and have gone on: one that is closed may have landed, which reading it
 * finds out.
 */
async function recordFound(
  tx: EntityManager,
  recording: Recording,
  found: readonly number[],
): Promise<void> {
  const { now } = recording;
  const isFound = ({ port }: Opened): boolean => found.includes(port.id);
  const opened = recording.opened.map((one) => (isFound(one) ? asOpen(one) : one));
  const recorded = await recordPorts(tx, { ...recording, opened });
  for (const { child, pull } of recorded.filter(isFound)) await expectSaid(tx, [child, pull], now);
  for (const { summary, repository } of recording.opened.filter(isFound)) {
    if (summary.state === 'open') continue;
    const { number } = summary;
    await tx.insert(FetchJob, { repositoryId: repository.id, number, queuedAt: now });
  }
}

function asOpen(one: Opened): Opened {
  return { ...one, summary: { ...one.summary, state: 'open' } };
}

async function planTask(tx: EntityManager, run: Run, job: ForwardportJob): Promise<Task | null> {
  const scene = await readScene(tx, job.batchId);
  const plan = await planPort(tx, scene, job.kind);
  if (plan.kind === 'port') {
    const { target, pulls } = plan;
    const intents = await writeIntents(tx, { batch: scene.batch, target, pulls });
    return intents.length === 0 ? null : { scene, target, intents };
  }
  const reason = plan.kind === 'nothing' ? plan.reason : plan.kind;
  run.world.log.info({ batch: job.batchId, job: job.kind, reason }, 'nothing to port');
  if (plan.kind === 'discrepancy') {
    await tellDiscrepancy(tx, { scene, targets: plan.targets, now: run.now });
  }
  if (job.kind !== 'followup') await storeReasons(tx, scene, plan);
  return null;
}

/** Why a merged pull request has no port where it should have one (R28). Follow-ups that wait have no reason to give. */
async function storeReasons(
  tx: EntityManager,
  { batch, branches, candidates }: PortScene,
  plan: Exclude<PortPlan, { kind: 'port' }>,
): Promise<void> {
  const reason = plan.kind === 'nothing' ? plan.reason : 'the linked pull requests disagree on it';
  if (reason === 'policy' || reason === 'not-merged') return; // the batch itself says so
  for (const kin of candidates) {
    const name = kin.next.kind === 'next' ? kin.next.target : null;
    const target = branches.find((branch) => branch.name === name);
    if (target) await storeReason(tx, { kin, batchId: batch.id, target }, reason);
  }
}

/** Ends an attempt that can never succeed: told to people, and kept as the reason. */
async function giveUp(
  tx: EntityManager,
  { target, intents }: Task,
  { reason, now }: { reason: string; now: Date },
): Promise<void> {
  for (const { port } of intents) await tx.update(Port, port.id, { state: 'skipped', reason });
  const pulls = intents.map((intent) => intent.pull);
  await tellImpossible(tx, pulls, { target: target.name, reason, now });
}
