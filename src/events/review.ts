import type { EntityManager } from 'typeorm';
import { dropDismissed } from '../commands/dismissed.ts';
import type { PullRequestReviewEvent } from '../github/webhook-events.ts';
import { Project } from '../models/project.ts';
import type { EventOutcome, Received } from './received.ts';
import { hear } from './speech.ts';

type Review = NonNullable<PullRequestReviewEvent['review']>;

/**
 * A review: its text is read like a comment; its verdict, and that it was dismissed, count only where the project says so
 * (B-051).
 */
export async function onReview(
  tx: EntityManager,
  { event, ...place }: Received<PullRequestReviewEvent>,
): Promise<EventOutcome> {
  const { action, review, number } = event;
  const { repository, now } = place;
  if (!review?.author) return { done: `#${number}: ignored` };
  const { settings } = await tx.findOneByOrFail(Project, { id: repository.projectId });
  if (action === 'dismissed' && settings.reviewApproves) {
    const approver = String(review.author.id);
    const dropped = await dropDismissed(tx, { repositoryId: repository.id, number, approver, now });
    return { done: `#${number}: ${dropped ? 'approval dismissed' : 'was no approval'}` };
  }
  if (action !== 'submitted') return { done: `#${number}: ignored` };
  const text = {
    kind: 'review',
    id: String(review.id),
    body: review.body,
    author: { id: String(review.author.id), login: review.author.login },
    at: review.createdAt,
    head: review.sha,
    verdict: settings.reviewApproves ? verdictOf(review) : 'none',
  } as const;
  return hear(tx, { ...place, number, speaker: { ...review.author, viaApp: null }, text });
}

function verdictOf({ state }: Review): 'approves' | 'objects' | 'none' {
  if (state === 'approved') return 'approves';
  return state === 'changes_requested' ? 'objects' : 'none';
}
