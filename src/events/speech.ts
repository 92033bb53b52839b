import type { EntityManager } from 'typeorm';
import { executeText } from '../commands/execute.ts';
import { strangerNamed } from '../commands/named.ts';
import { needsReading } from '../commands/permission.ts';
import { say } from '../feedback/say.ts';
import { pullName } from '../ledger/facts.ts';
import { personOf } from '../ledger/people.ts';
import { disabledTarget } from '../messages/pull-request.ts';
import { Branch } from '../models/branch.ts';
import { Project } from '../models/project.ts';
import { PullRequest } from '../models/pull-request.ts';
import { parseComment } from '../rules/commands.ts';
import { isObeyed } from '../rules/speaker.ts';
import type { EventOutcome, Speech } from './received.ts';
import { awaitPerson, awaitPull, behindEarlierWords } from './wait.ts';

/**
 * Hands what was said to the commands, in the order in which it was said. On a pull request the bot does not know it has
 * it read first and waits: the webhook that opened it may be late or lost (spec 2.8). So it does when the rights of who
 * speaks are to be read at GitHub, and when somebody is named whom it does not know.
 */
export async function hear(tx: EntityManager, speech: Speech): Promise<EventOutcome> {
  const { repository, number, text, now, speaker } = speech;
  const project = await tx.findOneByOrFail(Project, { id: repository.projectId });
  if (!isObeyed(speaker, { ...project.settings, ownIds: project.ownIds }))
    return { done: `#${number}: not a person` };
  const addressed = parseComment(text.body, project.bot).kind !== 'none';
  if (!addressed && text.verdict === 'none') return { done: `#${number}: no commands` };
  const earlier = await behindEarlierWords(tx, speech);
  if (earlier) return earlier;
  const pull = await tx.findOneBy(PullRequest, { repositoryId: repository.id, number });
  if (!pull) return awaitPull(tx, speech);
  const actor = await personOf(tx, text.author);
  if (await needsReading({ tx, now, project, repository, actor }))
    return awaitPerson(tx, speech, actor.id);
  const context = { tx, now, project, repository, pull, actor, text };
  const stranger = await strangerNamed(context);
  if (stranger) return awaitPerson(tx, speech, stranger.id);
  const spoken = await executeText(context);
  if (spoken !== 'not-for-us') await tellDisabled(tx, speech, pull);
  return { done: `#${number}: ${text.kind} of ${text.author.login}: ${spoken}` };
}

/** Commands count on a disabled branch too, but nothing will come of them there: said once (spec 2.8). */
async function tellDisabled(
  tx: EntityManager,
  { repository, number, now }: Speech,
  { targetId }: PullRequest,
): Promise<void> {
  const target = targetId === null ? null : await tx.findOneBy(Branch, { id: targetId });
  if (!target || target.active) return;
  const key = `disabled-branch/${pullName(repository, { number })}/${target.name}`;
  const text = disabledTarget({ branch: target.name });
  await say(tx, { at: { repositoryId: repository.id, number }, key, text, now });
}
