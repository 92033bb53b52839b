import type { EntityManager } from 'typeorm';
import { say } from '../feedback/say.ts';
import type { PullFacts, Recorded } from '../ledger/pull-facts.ts';
import { fetched, type MissedChange, outOfRemit, refreshed } from '../messages/pull-request.ts';
import type { PullRequest } from '../models/pull-request.ts';
import type { FetchJob } from '../models/queues.ts';

/** What was known before, what GitHub says, and what became of it. */
export interface Reading {
  readonly known: PullRequest | null;
  readonly facts: PullFacts;
  readonly recorded: Recorded;
}

/**
 * Tells who asked what the bot had missed; nobody asked: nothing is said. That a branch is none of the bot's is told each
 * person once.
 */
export async function answerAsker(
  tx: EntityManager,
  { job, reading }: { readonly job: FetchJob; readonly reading: Reading },
  now: Date,
): Promise<void> {
  if (job.asker === null) return;
  const { repositoryId, number } = job;
  const { base } = reading.facts;
  const foreign = reading.recorded.kind === 'unmanaged';
  const key = foreign
    ? `out-of-remit/${repositoryId}#${number}/${base}/${job.asker}`
    : `fetched/${job.id}`;
  await say(tx, { at: place(job), key, text: textFor(job.asker, reading), now });
}

function place({ repositoryId, number }: FetchJob): { repositoryId: number; number: number } {
  return { repositoryId, number };
}

function textFor(asker: string, { known, facts, recorded }: Reading): string {
  if (recorded.kind === 'unmanaged') return outOfRemit({ branch: facts.base });
  if (known === null) return fetched({ ping: [asker] });
  return refreshed({ changes: recorded.kind === 'changed' ? missed(known, facts) : [] });
}

function missed(known: PullRequest, facts: PullFacts): MissedChange[] {
  const pairs = [
    ['head', known.head, facts.head],
    ['target', known.base, facts.base],
    ['message', `${known.title}\n\n${known.body}`, `${facts.title}\n\n${facts.body}`],
  ] as const;
  return pairs
    .filter(([, before, after]) => before !== after)
    .map(([property, before, after]) => ({ property, before, after }));
}
