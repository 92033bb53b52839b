import { type EntityManager, IsNull } from 'typeorm';
import { GiveUp, TryLater } from '../lib/try-later.ts';
import { CommandLog } from '../models/command-log.ts';
import { FetchJob } from '../models/queues.ts';
import { lineOf } from '../models/queries/waiting-words.ts';
import type { EventOutcome, Speech } from './received.ts';

/** What waits is released when GitHub was read; this is for a reading that never ends. */
const LONGEST_WAIT_MS = 10 * 60_000;
/** After a retry of the reading. */
const MARGIN_MS = 1_000;

/**
 * Has a pull request read that the bot does not know, and lets the words wait for it. That is done once: what GitHub does
 * not show, or what goes to a branch of somebody else's, is none of the bot's business.
 *
 * @throws GiveUp when it could not be read at all.
 */
export async function awaitPull(tx: EntityManager, speech: Speech): Promise<EventOutcome> {
  const { number, text } = speech;
  const reading = await findReading(tx, speech, null);
  if (reading.kind === 'queued') return waiting(speech, reading);
  if (reading.kind === 'ended')
    return { done: `#${number}: GitHub was asked; not a pull request of ours` };
  return ask(tx, speech, { asker: text.author.login, personId: null });
}

/**
 * Has GitHub asked what somebody may do in the repository, or who he is when only a login is known, and lets the words wait
 * for it.
 *
 * @throws GiveUp when that could not be read: nobody's words count unread (R32), and an operator must look.
 */
export async function awaitPerson(
  tx: EntityManager,
  speech: Speech,
  personId: number,
): Promise<EventOutcome> {
  const reading = await findReading(tx, speech, personId);
  if (reading.kind === 'queued') return waiting(speech, reading);
  return ask(tx, speech, { asker: null, personId });
}

type Reading =
  | { readonly kind: 'queued'; readonly why: string; readonly afterMs: number }
  /** These words had GitHub asked before, and that is over. */
  | { readonly kind: 'ended' }
  | { readonly kind: 'none' };

async function findReading(
  tx: EntityManager,
  { repository, number, text, now }: Speech,
  personId: number | null,
): Promise<Reading> {
  const job = await tx.findOne(FetchJob, {
    where: { repositoryId: repository.id, number, personId: personId ?? IsNull() },
    order: { id: 'desc' },
  });
  const asked = await tx.existsBy(CommandLog, { kind: text.kind, githubId: text.id });
  if (job?.deadAt && asked)
    throw new GiveUp(`#${number} could not be read: ${job.lastError ?? 'no reason known'}`);
  if (!job || job.deadAt) return { kind: asked ? 'ended' : 'none' };
  const untilRetry = (job.retryAt?.getTime() ?? 0) + MARGIN_MS - now.getTime();
  const afterMs = job.retryAt ? Math.max(MARGIN_MS, untilRetry) : LONGEST_WAIT_MS;
  return { kind: 'queued', why: `#${number} is being read`, afterMs };
}

async function ask(
  tx: EntityManager,
  speech: Speech,
  whom: Pick<FetchJob, 'asker' | 'personId'>,
): Promise<EventOutcome> {
  const { repository, number, text, now } = speech;
  const place = { repositoryId: repository.id, number };
  const asked = { kind: text.kind, githubId: text.id, ...place, at: now, outcome: 'asked' };
  await tx.createQueryBuilder().insert().into(CommandLog).values(asked).orIgnore().execute();
  await tx.insert(FetchJob, { ...place, ...whom, queuedAt: now });
  return waiting(speech, { why: `#${number} is to be read first`, afterMs: LONGEST_WAIT_MS });
}

/** While something said earlier on the pull request waits, what is said later waits with it: `r+`, then `r-`. */
export async function behindEarlierWords(
  tx: EntityManager,
  speech: Speech,
): Promise<EventOutcome | null> {
  const rows = await tx.query<{ until: Date | null }[]>(
    `select max(retry_at) as until from delivery
      where line = $1 and id < $2 and done_at is null and dead_at is null and retry_at > $3`,
    [lineOf(speech.repository.id, speech.number), speech.deliveryId, speech.now],
  );
  const until = rows[0]?.until;
  if (!until) return null;
  const afterMs = until.getTime() - speech.now.getTime();
  return waiting(speech, { why: 'something said before it waits', afterMs });
}

/** No try is counted: whether GitHub can be read is not the comment's fault. */
function waiting(
  { repository, number }: Speech,
  { why, afterMs }: { readonly why: string; readonly afterMs: number },
): EventOutcome {
  return {
    wait: new TryLater(why, { afterMs, counts: false }),
    line: lineOf(repository.id, number),
  };
}
