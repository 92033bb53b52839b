import type { EntityManager } from 'typeorm';
import type { WebhookEvent } from '../github/webhook-events.ts';
import { onCheckRun, onCheckSuite } from './check-run.ts';
import { onIssueComment } from './comment.ts';
import type { EventOutcome, Received } from './received.ts';
import { onPullRequest } from './pull-request.ts';
import { onReview } from './review.ts';
import { onStatus } from './status.ts';

/** Hands an event to its handler. Every one is idempotent, and right in any order (reliability P4). */
export function handleEvent(
  tx: EntityManager,
  received: Received<Exclude<WebhookEvent, { event: 'ping' }>>,
): Promise<EventOutcome> {
  const { event, ...place } = received;
  switch (event.event) {
    case 'pull_request':
      return onPullRequest(tx, { event, ...place });
    case 'issue_comment':
      return onIssueComment(tx, { event, ...place });
    case 'pull_request_review':
      return onReview(tx, { event, ...place });
    case 'status':
      return onStatus(tx, { event, ...place });
    case 'check_run':
      return onCheckRun(tx, { event, ...place });
    case 'check_suite':
      return onCheckSuite(tx, { event, ...place });
    case 'push':
      return Promise.resolve({ done: 'seen: branches are read when they are needed' });
  }
}
