import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { INPUTS, tally } from '../../conftest/faults/effort.ts';
import { aStory } from '../../conftest/story.ts';
import type { Story } from '../../conftest/story.ts';
import { PAYLOADS } from '../../unit/github/payloads.ts';

const MINUTE_MS = 60_000;
const SECRET = 'a-long-shared-webhook-secret';

let story: Story;
beforeAll(async () => {
  story = await aStory();
});
afterAll(async () => {
  // What was given up is what was to be given up here: a story would complain of it at its end.
  await story[Symbol.asyncDispose]().catch(() => undefined);
});

/** @returns the status of the answer. */
async function deliver(event: string, body: Buffer): Promise<number> {
  const signature = createHmac('sha256', SECRET).update(body).digest('hex');
  const headers = {
    'content-type': 'application/json',
    'x-github-event': event,
    'x-github-delivery': randomUUID(),
    'x-hub-signature-256': `sha256=${signature}`,
  };
  const answer = await fetch(`${story.bot.url}/webhooks/github`, { method: 'POST', headers, body });
  return answer.status;
}

const value = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom('a\0b', '\ud800', 2 ** 53, -1, '../..', '9999-12-31'),
);
const EVENTS = Object.keys(PAYLOADS);

/** Puts a value somewhere into a payload, and the payload where the bot will believe it: in its own repository. */
const payload = fc
  .record({
    event: fc.constantFrom(...EVENTS),
    steps: fc.array(fc.nat(20), { maxLength: 5 }),
    value,
  })
  .map(({ event, steps, value: put }) => {
    const copy = structuredClone(PAYLOADS[event]) as Record<string, unknown>;
    let holder: Record<string, unknown> = copy;
    let key = 'action';
    for (const step of steps) {
      const keys = Object.keys(holder);
      key = keys[step % Math.max(1, keys.length)] ?? 'action';
      const inner = holder[key];
      if (typeof inner !== 'object' || inner === null) break;
      holder = inner as Record<string, unknown>;
      key = Object.keys(holder)[0] ?? 'x';
    }
    holder[key] = put;
    return {
      event,
      body: Buffer.from(JSON.stringify({ ...copy, repository: { id: 1, full_name: 'acme/app' } })),
    };
  });

describe('the receiver, given whatever is signed', () => {
  it(
    'B-011 B-014 B-018 stores all of it, and the crons get through all of it',
    async () => {
      const fixed: [string, string][] = [
        ['pull_request', '{"action":"opened","action":"closed"}'],
        ['issue_comment', `{"comment":{"id":${2 ** 33}},"repository":{"id":${2 ** 40}}}`],
        ['status', '{"id":9007199254740993}'],
      ];
      for (const [event, body] of fixed) expect(await deliver(event, Buffer.from(body))).toBe(202);
      await fc.assert(
        fc.asyncProperty(payload, async ({ event, body }) => {
          expect(await deliver(event, body)).toBe(202);
        }),
        { numRuns: 60 * INPUTS, seed: 20260504 },
      );
      story.log.expect(/./);
      await story.settle();
      const { db } = story.bot.world;
      const [counts] = await db.query<[{ all: number; open: number }]>(
        `select count(*)::int as all, count(*) filter (where done_at is null and dead_at is null and retry_at is null)::int as open from delivery`,
      );
      expect(counts.all).toBeGreaterThanOrEqual(60 * INPUTS);
      tally('inputs', counts.all);
      expect(counts.open).toBe(0);
      const wrong = story.log.lines.filter(({ err }) =>
        /TypeError|RangeError|QueryFailed/.test(JSON.stringify(err)),
      );
      expect(wrong).toEqual([]);
    },
    MINUTE_MS + 3_000 * INPUTS,
  );

  it('B-021 obeys nobody who merely bears the name of a repository of ours', async () => {
    const body = {
      ...PAYLOADS['pull_request'],
      repository: { id: 999_999, full_name: 'acme/app' },
    };
    expect(await deliver('pull_request', Buffer.from(JSON.stringify(body)))).toBe(202);
    await story.settle();
    const rows = await story.bot.world.db.query<{ outcome: string }[]>(
      'select outcome from delivery order by id desc limit 1',
    );
    expect(rows).toEqual([{ outcome: 'acme/app is no repository of ours' }]);
  });
});
