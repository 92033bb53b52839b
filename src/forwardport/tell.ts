import { type EntityManager, In } from 'typeorm';
import { say } from '../feedback/say.ts';
import { pullName } from '../ledger/facts.ts';
import { pingsOf } from '../ledger/pings.ts';
import {
  type ConflictReport,
  nextPortConflicts,
  portConflict,
  portDiscrepancy,
  portImpossible,
  portIntermediate,
  portLast,
  portLinked,
  remembered,
} from '../messages/forwardport.ts';
import { Person } from '../models/person.ts';
import { PortReminder } from '../models/port-reminder.ts';
import type { ConflictFacts } from '../models/port.ts';
import type { PullRequest } from '../models/pull-request.ts';
import { lastTarget, nextTarget } from '../rules/forwardport-plan.ts';
import { branchesOf, familyOf, nextFacts } from './family.ts';
import type { Candidate, PortScene } from './plan.ts';
import type { Recorded, Recording } from './recording.ts';

/** Everything this room says comes from the account that opens the ports. */
const ACCOUNT = 'forwardport';

/**
 * The one comment a new port gets about the chain it is in (forwardport spec 9.4). Its key is the port's name: a job that is
 * tried again and meets the same conflict says nothing new.
 */
export async function tellPort(
  tx: EntityManager,
  recording: Recording,
  one: Recorded & { readonly siblings: readonly Recorded[] },
): Promise<void> {
  const { child, repository, source, pull } = one;
  const { scene, target, now } = recording;
  const early = scene.batch.forwardportPolicy === 'skipmerge';
  const ping = (await pingsOf(tx, child)).filter((login) => login !== recording.bot);
  const about = {
    ping,
    early,
    bot: scene.project.bot,
    source: pullName(repository, source),
    target: target.name,
  };
  const branches = await branchesOf(tx, scene.project.id);
  const facts = nextFacts({ ...one, pull: child }, branches);
  const conflicting = one.siblings.filter((other) => other.conflict !== null);
  const text = one.conflict
    ? portConflict({ ...about, port: nameOf(one), report: reportOf(one.conflict) })
    : conflicting.length > 0
      ? portLinked({ ...about, conflicting: conflicting.map(nameOf) })
      : nextTarget(facts).kind === 'next'
        ? portIntermediate({ ...about, last: lastTarget(facts) ?? target.name })
        : portLast({ ...about, ancestors: await openAncestors(tx, recording, pull) });
  await say(tx, { at: child, key: `port/${nameOf(one)}`, text, now, account: ACCOUNT });
}

/** What git said, as the messages take it. */
function reportOf(conflict: ConflictFacts): ConflictReport {
  const { commits, commit, files, output, empty } = conflict;
  return { commits, failed: commit, cause: empty ? 'empty' : 'conflict', files, output };
}

function nameOf({ repository, child }: Recorded): string {
  return pullName(repository, child);
}

/** The ports before the last one that an approval of the last one takes along: open, attached, on active branches. */
async function openAncestors(
  tx: EntityManager,
  { scene }: Recording,
  previous: PullRequest,
): Promise<string[]> {
  const family = new Map((await familyOf(tx, previous)).map((one) => [one.id, one]));
  const repository = scene.candidates.find((one) => one.pull.id === previous.id)?.repository;
  const active = new Set(scene.branches.filter((one) => one.active).map((one) => one.id));
  const names: string[] = [];
  for (let at = family.get(previous.id); at?.sourceId; at = family.get(at.parentId ?? 0)) {
    const isOpen = at.state !== 'merged' && at.state !== 'closed';
    if (isOpen && active.has(at.targetId ?? 0) && repository) names.push(pullName(repository, at));
  }
  return names;
}

/** On each open attached port whose next one is in conflict: the chain may be approved up to here. */
export async function tellStuckChain(
  tx: EntityManager,
  { scene, now, bot }: Recording,
  recorded: readonly Recorded[],
): Promise<void> {
  for (const one of recorded) {
    const { pull, child } = one;
    if (one.conflict === null || child.parentId !== null) continue;
    if (pull.parentId === null || pull.state === 'merged') continue;
    await say(tx, {
      at: pull,
      key: `next-conflicts/${nameOf(one)}`,
      text: nextPortConflicts({
        ping: (await pingsOf(tx, pull)).filter((login) => login !== bot),
        bot: scene.project.bot,
        next: nameOf(one),
      }),
      now,
      account: ACCOUNT,
    });
  }
}

/** On each pull request of a batch that does not agree with the others on the next branch (forwardport spec 4.5). */
export async function tellDiscrepancy(
  tx: EntityManager,
  {
    scene,
    targets,
    now,
  }: {
    scene: PortScene;
    targets: readonly { readonly pull: Candidate; readonly target: string }[];
    now: Date;
  },
): Promise<void> {
  for (const { pull: own, target } of targets) {
    const other = targets.find((one) => one.target !== target);
    if (!other) continue;
    await say(tx, {
      at: own.pull,
      key: `discrepancy/${own.name}/${scene.batch.id}/${target}`,
      text: portDiscrepancy({
        ping: await pingsOf(tx, own.pull),
        own: target,
        other: other.pull.name,
        otherTarget: other.target,
      }),
      now,
      account: ACCOUNT,
    });
  }
}

/** On each pull request of a batch that git cannot carry on, whatever is tried. */
export async function tellImpossible(
  tx: EntityManager,
  pulls: readonly PullRequest[],
  { target, reason, now }: { readonly target: string; readonly reason: string; readonly now: Date },
): Promise<void> {
  for (const pull of pulls) {
    const text = portImpossible({ ping: await pingsOf(tx, pull), target, reason });
    const key = `port-impossible/${pull.id}/${target}`;
    await say(tx, { at: pull, key, text, now, account: ACCOUNT });
  }
}

/** Says on a new port what people asked to be told there (`remindme`); each request is answered once. */
export async function answerReminders(
  tx: EntityManager,
  { target, now }: Recording,
  one: Recorded,
): Promise<void> {
  const place = { sourceId: one.source.id, branchId: target.id };
  const requests = await tx.find(PortReminder, { where: place, order: { id: 'asc' } });
  if (requests.length === 0) return;
  const people = await tx.findBy(Person, { id: In(requests.map((request) => request.personId)) });
  const lines = requests.map(({ personId, message }) => ({
    login: people.find((person) => person.id === personId)?.login ?? '',
    message,
  }));
  const text = remembered({ requests: lines });
  await say(tx, { at: one.child, key: `remembered/${nameOf(one)}`, text, now, account: ACCOUNT });
  await tx.delete(PortReminder, place);
}
