import type { EntityManager } from 'typeorm';
import { Feedback, type FeedbackPayload, LabelChange } from '../models/queues.ts';

/** Where something is said: a pull request by its repository's id and its number. */
export interface Place {
  readonly repositoryId: number;
  readonly number: number;
}

/** Something for GitHub. The same key is done once, whoever asks and however often. */
interface Saying {
  readonly at: Place;
  /** Deterministic: made of what happened, never of the time. Ends up as hidden marker of a comment. */
  readonly key: string;
  readonly now: Date;
  readonly account?: 'main' | 'forwardport';
}

/** Queues a comment. Texts come from src/messages alone. */
export function say(tx: EntityManager, saying: Saying & { readonly text: string }): Promise<void> {
  return queue(tx, 'comment', saying, { text: saying.text });
}

/** Queues a reaction to a comment: the answer to a command that simply worked (R16). */
export function react(
  tx: EntityManager,
  saying: Saying & { readonly commentId: string; readonly reaction: '+1' | 'eyes' | 'confused' },
): Promise<void> {
  return queue(tx, 'react', saying, { commentId: saying.commentId, reaction: saying.reaction });
}

/** Queues closing the pull request at GitHub. */
export function close(tx: EntityManager, saying: Saying): Promise<void> {
  return queue(tx, 'close', saying, {});
}

/** Queues the record of a landing: a deployment of `head` in environment `merge` that points to the landed commit. */
export function recordDeployment(
  tx: EntityManager,
  saying: Saying & { readonly head: string; readonly sha: string },
): Promise<void> {
  return queue(tx, 'deploy', saying, { head: saying.head, sha: saying.sha });
}

/** Queues label changes; GitHub's labels are sets, so doing them twice is harmless. */
export async function changeLabels(
  tx: EntityManager,
  change: { at: Place; now: Date; add?: readonly string[]; remove?: readonly string[] },
): Promise<void> {
  await tx.insert(LabelChange, {
    ...placeOf(change.at),
    add: [...(change.add ?? [])],
    remove: [...(change.remove ?? [])],
    queuedAt: change.now,
  });
}

/** Longer than it takes GitHub to show what it was told. */
const LONG_AGO_MS = 60_000;

/**
 * Has what is queued just now for pull requests looked for at GitHub before it is said: the bot may have said it, and then
 * have lost its records (I-49).
 */
export async function expectSaid(
  tx: EntityManager,
  places: readonly Place[],
  now: Date,
): Promise<void> {
  await tx.query(
    `update feedback set sent_at = $4
      where (repository_id, number) in (select * from unnest($1::int[], $2::int[]))
        and queued_at = $3 and sent_at is null and done_at is null`,
    [
      places.map((one) => one.repositoryId),
      places.map((one) => one.number),
      now,
      new Date(now.getTime() - LONG_AGO_MS),
    ],
  );
}

async function queue(
  tx: EntityManager,
  kind: Feedback['kind'],
  { at, key, now, account = 'main' }: Saying,
  payload: FeedbackPayload,
): Promise<void> {
  await tx
    .createQueryBuilder()
    .insert()
    .into(Feedback)
    .values({ ...placeOf(at), kind, key, account, payload, queuedAt: now })
    .orIgnore()
    .execute();
}

/** The two columns and no more: a whole record fits the type, and its id must not become the row's. */
function placeOf({ repositoryId, number }: Place): Place {
  return { repositoryId, number };
}
