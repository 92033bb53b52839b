import type { EntityManager } from 'typeorm';
import type { SpokenText } from '../commands/context.ts';
import { executeText } from '../commands/execute.ts';
import { personOf } from '../ledger/people.ts';
import { TryLater } from '../lib/try-later.ts';
import { Project } from '../models/project.ts';
import { PullRequest } from '../models/pull-request.ts';
import { FetchJob } from '../models/queues.ts';
import type { Repository } from '../models/repository.ts';
import { parseComment } from '../rules/commands.ts';
import type { EventOutcome } from './received.ts';

const UNKNOWN_PAUSE_MS = 2_000;

/** Something said on a pull request, by a comment or a review. */
export interface Speech {
  readonly repository: Repository;
  readonly number: number;
  readonly text: SpokenText;
  readonly now: Date;
}

/**
 * Hands what was said to the commands. On a pull request the bot does not know it has it read first and waits: the webhook
 * that opened it may be late or lost (spec 2.8).
 */
export async function hear(tx: EntityManager, speech: Speech): Promise<EventOutcome> {
  const { repository, number, text, now } = speech;
  const project = await tx.findOneByOrFail(Project, { id: repository.projectId });
  const addressed = parseComment(text.body, project.bot).kind !== 'none';
  if (!addressed && !text.approves) return { done: `#${number}: no commands` };
  const pull = await tx.findOneBy(PullRequest, { repositoryId: repository.id, number });
  if (!pull) return askGitHub(tx, speech);
  const actor = await personOf(tx, text.author);
  const spoken = await executeText({ tx, now, project, repository, pull, actor, text });
  return { done: `#${number}: ${text.kind} of ${text.author.login}: ${spoken}` };
}

async function askGitHub(
  tx: EntityManager,
  { repository, number, text, now }: Speech,
): Promise<EventOutcome> {
  const job = { repositoryId: repository.id, number };
  if (!(await tx.existsBy(FetchJob, job))) {
    await tx.insert(FetchJob, { ...job, asker: text.author.login, queuedAt: now });
  }
  const why = `#${number} is not known yet`;
  return { wait: new TryLater(why, { afterMs: UNKNOWN_PAUSE_MS, counts: true }) };
}
