import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EntityManager } from 'typeorm';
import type { PullFacts } from '../../src/ledger/pull-facts.ts';
import { recordPullRequest } from '../../src/ledger/record.ts';
import { FetchJob } from '../../src/models/queues.ts';
import { PullRequest } from '../../src/models/pull-request.ts';
import { changesBetween } from '../../src/rules/pull-changes.ts';
import { type ConfiguredDatabase, configuredDatabase } from '../conftest/run.ts';

const START = new Date('2026-03-01T10:00:00Z');
const RUNS = 60;

let configured: ConfiguredDatabase;
beforeAll(async () => {
  configured = await configuredDatabase(START);
});
afterAll(() => configured.close());

const sha = (letter: string) => letter.repeat(40);
const opened = {
  ...{ repositoryId: 1, number: 7, title: 'Title', body: '', closed: false, draft: false },
  ...{ head: sha('a'), headLabel: 'alice:x', base: 'master', commitCount: 1, actor: 'alice' },
  ...{ author: { id: '5', login: 'alice' }, createdAt: START, updatedAt: START },
} satisfies PullFacts;

/** What somebody does with it; `pause`: seconds since the act before. */
const act = fc.record({
  pause: fc.constantFrom(0, 1, 2),
  change: fc.oneof(
    fc.constantFrom('a', 'b', 'c').map((letter) => ({ head: sha(letter) })),
    fc.constantFrom('master', '18.0').map((base) => ({ base })),
    fc.constantFrom('Title', 'Other').map((title) => ({ title })),
    fc.boolean().map((draft) => ({ draft })),
    fc.boolean().map((closed) => ({ closed })),
  ),
});

/** The payloads of a life, each with all that holds after its act. */
function payloads(acts: readonly { pause: number; change: Partial<PullFacts> }[]): PullFacts[] {
  const all: PullFacts[] = [opened];
  for (const { pause, change } of acts) {
    const last = all.at(-1) ?? opened;
    const updatedAt = new Date(last.updatedAt.getTime() + pause * 1_000);
    all.push({ ...last, ...change, updatedAt });
  }
  return all;
}

/** Hears payloads in an order, and reads GitHub when the record says that it must. */
async function hear(
  tx: EntityManager,
  events: readonly PullFacts[],
  truth: PullFacts,
): Promise<PullRequest> {
  for (const event of events) await recordPullRequest(tx, event, START);
  const read: PullFacts & { actor?: string } = { ...truth };
  delete read.actor; // GitHub's API does not say who did it
  if (await tx.existsBy(FetchJob, { number: 7 })) await recordPullRequest(tx, read, START);
  return tx.findOneByOrFail(PullRequest, { number: 7 });
}

describe('the events of a pull request', () => {
  it('leave the same record in whatever order and however often they come', async () => {
    const lives = fc.array(act, { minLength: 1, maxLength: 5 }).chain((acts) => {
      const events = payloads(acts);
      return fc.record({
        events: fc.constant(events),
        heard: fc
          .tuple(
            fc.shuffledSubarray(events, { minLength: events.length }),
            fc.shuffledSubarray(events, { maxLength: Math.min(3, events.length) }),
          )
          .map(([each, again]) => [...each, ...again]),
      });
    });
    const law = fc.asyncProperty(lives, async ({ events, heard }) => {
      const truth = events.at(-1) ?? opened;
      const runner = configured.db.createQueryRunner();
      await runner.startTransaction();
      try {
        const record = await hear(runner.manager, heard, truth);
        const { title, body, base, head, draft, closed } = record;
        const known = { title, body, base, head, draft, closed, landed: false };
        expect(changesBetween(known, truth)).toEqual([]);
        expect(record.githubUpdatedAt).toEqual(truth.updatedAt);
      } finally {
        await runner.rollbackTransaction();
        await runner.release();
      }
    });
    await fc.assert(law, { numRuns: RUNS, seed: 7 });
  });
});
