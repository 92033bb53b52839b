import type { EntityManager } from 'typeorm';
import { sha } from '../lib/ids.ts';
import { pullName } from '../ledger/facts.ts';
import { Port } from '../models/port.ts';
import { Project } from '../models/project.ts';
import { PullRequest } from '../models/pull-request.ts';
import type { ForwardportUpdate } from '../models/queues.ts';
import { Repository } from '../models/repository.ts';
import { refreshConflict } from './conflict-label.ts';
import type { Made } from './made.ts';
import { makePort } from './make.ts';
import { portRemote } from './publish.ts';
import { readDescendants } from './descendants.ts';
import type { SeenUpdate, Update, UpdateScene } from './updating.ts';
import { recordUpdates, tellBlocked } from './record-update.ts';
import { mayPush } from './may-push.ts';
import type { Finish, Run } from '../world.ts';

/**
 * Takes the new head of a pull request to the ports made from it, one generation after the other, and moves all their
 * branches at once (forwardport spec 13). The lease is the head the bot itself put there: what a person pushed meanwhile is
 * never overwritten, and stops the chain as soon as GitHub tells of it (I-36).
 *
 * @throws Error when a branch is not where it should be: to be tried again.
 */
export async function updateDescendants(
  run: Run,
  row: ForwardportUpdate,
  finish: Finish,
): Promise<void> {
  const scene = await run.transaction((tx) => readScene(tx, row));
  if (!scene) return finish();
  if (scene.pull.conflict) await refreshConflict(run, scene);
  const updates = await makeUpdates(run, scene);
  await mayPush(run);
  await pushUpdates(run, scene, updates);
  const seen = await readTimes(run, scene, updates);
  const { login } = await run.world.identity(scene.project.name, 'forwardport');
  await finish(async (tx) => {
    await recordUpdates(tx, { ...scene, updates: seen, bot: login, now: run.now });
    await tellBlocked(tx, { ...scene, bot: login, now: run.now });
  });
}

/** Null when a newer head has come since, which has a row of its own. */
async function readScene(tx: EntityManager, row: ForwardportUpdate): Promise<UpdateScene | null> {
  const pull = await tx.findOneByOrFail(PullRequest, { id: row.pullRequestId });
  if (pull.head !== row.head || pull.mergedSha !== null) return null;
  const repository = await tx.findOneByOrFail(Repository, { id: pull.repositoryId });
  const project = await tx.findOneByOrFail(Project, { id: repository.projectId });
  return { pull, repository, project, descendants: await readDescendants(tx, pull) };
}

async function makeUpdates(run: Run, scene: UpdateScene): Promise<Update[]> {
  const { pull, repository, project, descendants } = scene;
  if (descendants.follow.length === 0) return [];
  const clone = await run.world.clone(project.name, repository, 'forwardport');
  const bot = await run.world.identity(project.name, 'forwardport');
  const rootName = pullName(repository, pull);
  const updates: Update[] = [];
  for (const { child, port } of descendants.follow) {
    const order = { clone, root: pull, rootName, target: child.base, bot, now: run.now };
    const made = await makePort(order);
    if (made.kind === 'impossible') throw new Error(`${rootName}: ${made.reason}`);
    await run.transaction((tx) =>
      tx.update(Port, port.id, {
        ...columnsOf(made),
        replacedHead: child.head,
        pushedAt: run.now,
      }),
    );
    updates.push({ child, port, head: made.head, made });
  }
  return updates;
}

/** The intent: by this head our own push is known when GitHub tells of it (I-38). */
function columnsOf({ head, commitCount, conflict }: Extract<Made, { kind: 'made' }>) {
  return { head, commitCount, conflict };
}

async function pushUpdates(
  run: Run,
  { repository, project }: UpdateScene,
  updates: readonly Update[],
): Promise<void> {
  if (updates.length === 0) return;
  const remote = await portRemote(run, project, repository);
  const outcome = await remote.push(
    updates.map(({ port, head, child }) => ({
      branch: port.branch,
      sha: head,
      lease: sha(child.head),
    })),
    { atomic: true },
  );
  if (outcome.kind === 'pushed') return;
  const heads = await remote.remoteHeads(updates.map(({ port }) => port.branch));
  if (updates.every(({ port, head }) => heads.get(port.branch) === head)) return; // the answer was lost
  throw new Error(`ports of ${repository.name} were not moved: ${outcome.detail}`);
}

/** GitHub's time of our push: what it tells of heads before that is stale, and must not pass for a person's push. */
async function readTimes(
  run: Run,
  { repository, project }: UpdateScene,
  updates: readonly Update[],
): Promise<SeenUpdate[]> {
  const github = run.world.github(project.name, 'forwardport');
  const seen: SeenUpdate[] = [];
  for (const update of updates) {
    const facts = await github.pullRequest(repository.name, update.child.number);
    const current = facts.kind === 'pull_request' && facts.head.sha === update.head;
    seen.push({ ...update, at: current ? facts.updatedAt : null });
  }
  return seen;
}
