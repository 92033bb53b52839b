import type { EntityManager } from 'typeorm';
import type { PullRequestEvent } from '../github/webhook-events.ts';
import { managedBranch } from '../ledger/facts.ts';
import type { PullFacts, Recorded } from '../ledger/pull-facts.ts';
import { recordPullRequest } from '../ledger/record.ts';
import { TryLater } from '../lib/try-later.ts';
import { say } from '../feedback/say.ts';
import { unmanagedTarget } from '../messages/pull-request.ts';
import { Branch } from '../models/branch.ts';
import { FetchJob } from '../models/queues.ts';
import type { Repository } from '../models/repository.ts';
import { mayHaveLanded } from './closing.ts';
import type { EventOutcome, Received } from './received.ts';

const LANDING_PAUSE_MS = 5_000;

/** A pull request was opened, changed, closed, … : whatever the action, the facts in it are what counts. */
export async function onPullRequest(
  tx: EntityManager,
  { event, repository, now }: Received<PullRequestEvent>,
): Promise<EventOutcome> {
  if (await mayHaveLanded(tx, { event, repository })) {
    const { number } = event.pullRequest;
    await tx.insert(FetchJob, { repositoryId: repository.id, number, queuedAt: now });
    return { done: `#${number} ${event.action}: is read first, as it may have landed` };
  }
  const recorded = await recordPullRequest(tx, factsOf(repository, event), now);
  if (recorded.kind === 'landing') {
    const why = 'its landing is under way';
    return { wait: new TryLater(why, { afterMs: LANDING_PAUSE_MS, counts: false }) };
  }
  if (recorded.kind === 'created') await forgetAsker(tx, repository, event.pullRequest.number);
  if (!(await managedBranch(tx, repository, event.pullRequest.base.branch))) {
    await tellUnmanaged(tx, { event, repository, now });
  }
  return { done: describe(event, recorded) };
}

/**
 * Words that came before the webhook of their pull request have it read; now nothing has to be told about that. The reading
 * itself stays: it brings what CI has said.
 */
async function forgetAsker(
  tx: EntityManager,
  { id: repositoryId }: Repository,
  number: number,
): Promise<void> {
  await tx.update(FetchJob, { repositoryId, number }, { asker: null });
}

function describe(event: PullRequestEvent, recorded: Recorded): string {
  return `#${event.pullRequest.number} ${event.action}: ${recorded.kind}`;
}

function factsOf(
  repository: Repository,
  { action, pullRequest, sender }: PullRequestEvent,
): PullFacts {
  const { author, head } = pullRequest;
  return {
    repositoryId: repository.id,
    number: pullRequest.number,
    title: pullRequest.title,
    body: pullRequest.body,
    closed: pullRequest.state !== 'open',
    draft: pullRequest.draft,
    head: head.sha,
    ...(action === 'synchronize' ? { headSince: pullRequest.updatedAt } : {}),
    headLabel: head.label ?? head.branch,
    base: pullRequest.base.branch,
    author: author && { id: String(author.id), login: author.login },
    commitCount: pullRequest.commitCount ?? 0,
    createdAt: pullRequest.createdAt,
    updatedAt: pullRequest.updatedAt,
    ...(sender ? { actor: sender.login } : {}),
    ...(action === 'reopened' ? { reopened: true } : {}),
  };
}

/** Said when it comes, not at every push to it. */
async function tellUnmanaged(
  tx: EntityManager,
  { event, repository, now }: Omit<Received<PullRequestEvent>, 'deliveryId'>,
): Promise<void> {
  const { pullRequest, action } = event;
  if (pullRequest.state !== 'open' || !['opened', 'reopened', 'edited'].includes(action)) return;
  const branches = await tx.findBy(Branch, { projectId: repository.projectId, active: true });
  await say(tx, {
    at: { repositoryId: repository.id, number: pullRequest.number },
    key: `unmanaged/${repository.name}#${pullRequest.number}/${pullRequest.base.branch}`,
    text: unmanagedTarget({
      branch: pullRequest.base.branch,
      managed: branches.map((branch) => branch.name),
    }),
    now,
  });
}
