import type { EntityManager } from 'typeorm';
import { say } from '../feedback/say.ts';
import { childDetached, portDetached } from '../messages/forwardport.ts';
import { Branch } from '../models/branch.ts';
import { Port } from '../models/port.ts';
import { PullRequest } from '../models/pull-request.ts';
import { ForwardportUpdate } from '../models/queues.ts';
import { Repository } from '../models/repository.ts';
import { pullName } from './facts.ts';
import { addressOf, pingsOf } from './pings.ts';
import type { PullFacts } from './pull-facts.ts';

/**
 * What a new head means for a chain: a port that somebody else changed is detached, and ports made from it must follow.
 *
 * @returns whether the head is the bot's own push, known by its sha and never by who is said to have pushed (I-38).
 */
export async function followHead(
  tx: EntityManager,
  { pull, head }: { pull: PullRequest; head: string },
  now: Date,
): Promise<boolean> {
  const port = await tx.findOneBy(Port, { pullRequestId: pull.id });
  if (port?.head === head) return true;
  if (pull.parentId !== null) {
    await detach(tx, { pull, reason: `its head changed from ${pull.head} to ${head}` }, now);
  }
  const children = await tx.countBy(PullRequest, { parentId: pull.id });
  if (children > 0 || pull.conflict) {
    // or its markers may be gone now
    await tx.insert(ForwardportUpdate, { pullRequestId: pull.id, head, queuedAt: now });
  }
  return false;
}

const CLOCKS_APART_MS = 60_000;

/**
 * Takes an old head out of news about a port that the bot has moved: with reads that lag it may be told of after the push,
 * and would pass for somebody who pushed it back (I-38). Whoever really does so later is believed.
 */
export async function withoutOldHead(
  tx: EntityManager,
  known: PullRequest,
  facts: PullFacts,
): Promise<PullFacts> {
  if (known.sourceId === null || facts.head === known.head) return facts;
  const port = await tx.findOneBy(Port, { pullRequestId: known.id });
  const isOld =
    port?.head === known.head &&
    port.replacedHead === facts.head &&
    facts.updatedAt.getTime() < (port.pushedAt?.getTime() ?? 0) + CLOCKS_APART_MS;
  return isOld ? { ...facts, head: known.head, commitCount: 0 } : facts;
}

/** A closed port leaves its chain. */
export async function detachForClose(
  tx: EntityManager,
  pull: PullRequest,
  now: Date,
): Promise<void> {
  if (pull.parentId === null) return;
  await detach(tx, { pull, reason: 'it was closed', silent: true }, now);
}

/** The open ports of a closed pull request go on without it. */
export async function detachChildren(
  tx: EntityManager,
  pull: PullRequest,
  now: Date,
): Promise<void> {
  const repository = await tx.findOneByOrFail(Repository, { id: pull.repositoryId });
  for (const child of await tx.findBy(PullRequest, { parentId: pull.id })) {
    if (child.closed || child.mergedSha !== null) continue;
    await detach(tx, { pull: child, reason: `${pullName(repository, pull)} was closed` }, now);
  }
}

/**
 * Cuts a port from its parent: from now on it is reviewed, merged and continued on its own (forwardport spec 12). Told on
 * the port when it ends the chain for now, and on an open parent whose approvals no longer reach it.
 */
async function detach(
  tx: EntityManager,
  { pull, reason, silent }: { pull: PullRequest; reason: string; silent?: true },
  now: Date,
): Promise<void> {
  const parentId = pull.parentId;
  await tx.update(PullRequest, pull.id, { parentId: null, detachReason: reason });
  if (silent || parentId === null) return;
  const repository = await tx.findOneByOrFail(Repository, { id: pull.repositoryId });
  const name = pullName(repository, pull);
  const key = `detached/${name}/${parentId}`;
  if (await mustResumeByMerge(tx, pull)) {
    const text = portDetached({ ...(await addressOf(tx, pull)), reason });
    await say(tx, { at: pull, key, text, now, account: 'forwardport' });
  }
  const parent = await tx.findOneByOrFail(PullRequest, { id: parentId });
  if (parent.closed || parent.mergedSha !== null) return;
  const text = childDetached({ ping: await pingsOf(tx, parent), child: name, reason });
  await say(tx, { at: parent, key: `${key}/parent`, text, now, account: 'forwardport' });
}

async function mustResumeByMerge(tx: EntityManager, pull: PullRequest): Promise<boolean> {
  if ((await tx.countBy(PullRequest, { parentId: pull.id })) > 0) return false;
  const own = pull.targetId === null ? null : await tx.findOneBy(Branch, { id: pull.targetId });
  if (!own) return false;
  const rows = await tx.query<unknown[]>(
    'select 1 from branch where project_id = $1 and sequence > $2 and active limit 1',
    [own.projectId, own.sequence],
  );
  return rows.length > 0;
}
