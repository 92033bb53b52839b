import type { EntityManager } from 'typeorm';
import type { CheckRunEvent, CheckSuiteEvent } from '../github/webhook-events.ts';
import { recordStatuses } from '../ledger/record-statuses.ts';
import type { EventOutcome, Received } from './received.ts';

/** A check run counts like a status of its name (R10). */
export async function onCheckRun(
  tx: EntityManager,
  { event, repository, now }: Received<CheckRunEvent>,
): Promise<EventOutcome> {
  const commit = { repositoryId: repository.id, sha: event.sha };
  await recordStatuses(tx, { commit, reports: [event.report] }, now);
  return { done: `${event.report.context} ${event.report.state} on ${event.sha}` };
}

/** A suite says nothing that its runs do not say. */
export function onCheckSuite(
  _tx: EntityManager,
  { event }: Received<CheckSuiteEvent>,
): Promise<EventOutcome> {
  return Promise.resolve({ done: `check suite on ${event.sha}: its runs speak for it` });
}
