import type { EntityManager } from 'typeorm';
import type { StatusEvent } from '../github/webhook-events.ts';
import { recordStatuses } from '../ledger/record-statuses.ts';
import type { EventOutcome, Received } from './received.ts';

/** A commit status. */
export async function onStatus(
  tx: EntityManager,
  { event, repository, now }: Received<StatusEvent>,
): Promise<EventOutcome> {
  const commit = { repositoryId: repository.id, sha: event.sha };
  await recordStatuses(tx, { commit, reports: [event.report] }, now);
  return { done: `${event.report.context} ${event.report.state} on ${event.sha}` };
}
