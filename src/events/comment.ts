import type { EntityManager } from 'typeorm';
import type { IssueCommentEvent } from '../github/webhook-events.ts';
import type { EventOutcome, Received } from './received.ts';
import { hear } from './speech.ts';

/**
 * A comment. Only new ones count: an edit never acts, since what was reviewed and who wrote it could be told apart no more
 * (R14).
 */
export async function onIssueComment(
  tx: EntityManager,
  { event, ...place }: Received<IssueCommentEvent>,
): Promise<EventOutcome> {
  const { action, comment, number } = event;
  if (action !== 'created' || !event.isPullRequest) return { done: `#${number}: ignored` };
  if (!comment.author) return { done: `#${number}: by nobody` };
  const speaker = { ...comment.author, viaApp: comment.viaApp };
  const text = {
    kind: 'comment',
    id: String(comment.id),
    body: comment.body,
    author: { id: String(comment.author.id), login: comment.author.login },
    at: comment.createdAt,
    head: null,
    verdict: 'none',
  } as const;
  return hear(tx, { ...place, number, speaker, text });
}
