import type { EntityManager } from 'typeorm';
import type { PullRequestReviewEvent } from '../github/webhook-events.ts';
import { Project } from '../models/project.ts';
import type { EventOutcome, Received } from './received.ts';
import { hear } from './speech.ts';

/** A review: its text is read like a comment; its verdict counts only where the project says so. */
export async function onReview(
  tx: EntityManager,
  { event, repository, now }: Received<PullRequestReviewEvent>,
): Promise<EventOutcome> {
  const { action, review, number } = event;
  if (action !== 'submitted' || !review) return { done: `#${number}: ignored` };
  if (!review.author || review.author.type === 'Bot') return { done: `#${number}: not a person` };
  const project = await tx.findOneByOrFail(Project, { id: repository.projectId });
  const text = {
    kind: 'review',
    id: String(review.id),
    body: review.body,
    author: { id: String(review.author.id), login: review.author.login },
    at: review.createdAt,
    head: review.sha,
    approves: project.settings.reviewApproves && review.state.toLowerCase() === 'approved',
  } as const;
  return hear(tx, { repository, number, text, now });
}
