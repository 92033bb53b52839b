import type { EntityManager } from 'typeorm';
import type { IssueCommentEvent } from '../github/webhook-events.ts';
import type { EventOutcome, Received } from './received.ts';
import { hear } from './speech.ts';

/**
 * A comment. Only new ones count: an edit never acts, since what was reviewed and who wrote it could be told apart no more
 * (R14). Bots are not obeyed.
 */
export async function onIssueComment(
  tx: EntityManager,
  { event, repository, now }: Received<IssueCommentEvent>,
): Promise<EventOutcome> {
  const { action, comment, number } = event;
  if (action !== 'created' || !event.isPullRequest) return { done: `#${number}: ignored` };
  if (!comment.author || comment.author.type === 'Bot') return { done: `#${number}: not a person` };
  const text = {
    kind: 'comment',
    id: String(comment.id),
    body: comment.body,
    author: { id: String(comment.author.id), login: comment.author.login },
    at: comment.createdAt,
    head: null,
    approves: false,
  } as const;
  return hear(tx, { repository, number, text, now });
}
