import { type EntityManager, In } from 'typeorm';
import { changeLabels, say } from '../feedback/say.ts';
import { pullName } from '../ledger/facts.ts';
import { pingsOf } from '../ledger/pings.ts';
import { refreshBatches } from '../ledger/refresh.ts';
import { activeStagingOf, cancelStaging } from '../ledger/stagings.ts';
import {
  updateCannotFollow,
  updateConflicts,
  updateConflictsBehind,
} from '../messages/forwardport.ts';
import { PullRequest } from '../models/pull-request.ts';
import type { SeenUpdate, Update, UpdateScene } from './updating.ts';

/** Who is not pinged, and when it happens. */
interface Occasion {
  readonly bot: string;
  readonly now: Date;
}

/**
 * Writes new heads of ports the bot moved: still attached, but what was approved and tested is gone (forwardport spec 13).
 * A port that somebody detached or changed while it was moved keeps what it says now.
 */
export async function recordUpdates(
  tx: EntityManager,
  scene: UpdateScene & Occasion & { readonly updates: readonly SeenUpdate[] },
): Promise<void> {
  let parent = scene.pull;
  for (const update of scene.updates) {
    await recordUpdate(tx, scene, update);
    if (update.made.conflict) await tellConflict(tx, scene, { ...update, parent });
    parent = update.child;
  }
  const ids = scene.updates.map((update) => update.child.batchId);
  const because = `${pullName(scene.repository, scene.pull)} was updated`;
  await refreshBatches(tx, ids, { now: scene.now, because });
}

async function recordUpdate(
  tx: EntityManager,
  { now, repository, pull }: UpdateScene & Occasion,
  { child, head, made, at }: SeenUpdate,
): Promise<void> {
  const conflict = made.conflict !== null;
  const replaced = { id: child.id, head: In([child.head, head]) }; // the webhook may have been first
  await tx.update(PullRequest, replaced, {
    head,
    commitCount: made.commitCount,
    conflict,
    error: null,
    approvedById: null,
    approvedSha: null,
    approvedAt: null,
    toldFailures: {},
    ...(at && at > child.githubUpdatedAt ? { githubUpdatedAt: at } : {}),
  });
  const staging = await activeStagingOf(tx, child.batchId);
  const reason = `${pullName(repository, pull)} was updated`;
  if (staging) await cancelStaging(tx, staging.id, { reason, now });
  if (conflict === child.conflict) return;
  await changeLabels(tx, { at: child, now, [conflict ? 'add' : 'remove']: ['conflict'] });
}

async function tellConflict(
  tx: EntityManager,
  { repository, now, bot }: UpdateScene & Occasion,
  { child, parent, head, made }: Update & { readonly parent: PullRequest },
): Promise<void> {
  const names = { parent: pullName(repository, parent), child: pullName(repository, child) };
  const key = `update-conflicts/${names.child}/${head}`;
  const others = async (pull: PullRequest) =>
    (await pingsOf(tx, pull)).filter((login) => login !== bot);
  const onParent = updateConflictsBehind({ ping: await others(parent), child: names.child });
  const output = made.conflict?.output ?? '';
  const onChild = updateConflicts({
    ping: await others(child),
    parent: names.parent,
    port: names.child,
    head: parent.head,
    output,
  });
  await say(tx, { at: parent, key: `${key}/parent`, text: onParent, now, account: 'forwardport' });
  await say(tx, { at: child, key, text: onChild, now, account: 'forwardport' });
}

/** On the first descendant that is merged or closed: it does not follow, nor does what comes after it. */
export async function tellBlocked(
  tx: EntityManager,
  { descendants, pull, repository, bot, now }: UpdateScene & Occasion,
): Promise<void> {
  const { blocked } = descendants;
  if (!blocked) return;
  const ping = (await pingsOf(tx, blocked)).filter((login) => login !== bot);
  const state = blocked.state === 'merged' ? 'merged' : 'closed';
  const ancestor = pullName(repository, pull);
  await say(tx, {
    at: blocked,
    key: `cannot-follow/${pullName(repository, blocked)}/${pull.head}`,
    text: updateCannotFollow({ ping, ancestor, state }),
    now,
    account: 'forwardport',
  });
}
