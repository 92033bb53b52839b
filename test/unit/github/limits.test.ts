import { describe, expect, it } from '@jest/globals';
import type { Clock } from '../../../src/lib/clock.ts';
import { createLimits, readWait } from '../../../src/github/limits.ts';
import { aServer, gatewayTo } from './scripted-server.ts';
import type { Reply } from './scripted-server.ts';

const NOW = new Date('2026-03-01T10:00:00Z');
const SECOND = 1000;
const MINUTE = 60 * SECOND;

function answer(status: number, headers: Record<string, string> = {}, body: unknown = {}) {
  return { status, headers, body: Buffer.from(JSON.stringify(body)) };
}

/** A clock that stands until it is moved. */
function aClock(): Clock & { advance(ms: number): void } {
  let at = NOW.getTime();
  return { now: () => new Date(at), advance: (ms) => (at += ms) };
}

const reset = (seconds: number) => String(NOW.getTime() / 1000 + seconds);
const secondary = { message: 'You have exceeded a secondary rate limit.' };

describe('the wait GitHub asks for', () => {
  it.each([
    ['told in seconds', answer(429, { 'retry-after': '7' }), 7 * SECOND],
    [
      'told as a date',
      answer(403, { 'retry-after': 'Sun, 01 Mar 2026 10:00:30 GMT' }),
      30 * SECOND,
    ],
    ['told by a server under maintenance', answer(503, { 'retry-after': '60' }), MINUTE],
    [
      'that of the primary limit',
      answer(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset(120) }),
      121 * SECOND,
    ],
    [
      "counted by GitHub's clock where ours is an hour behind",
      answer(403, {
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': reset(3720),
        date: 'Sun, 01 Mar 2026 11:00:00 GMT',
      }),
      121 * SECOND,
    ],
    ['unknown for a bare secondary limit', answer(403, {}, secondary), 'guess'],
    ['unknown for a bare 429', answer(429), 'guess'],
    [
      'inside a GraphQL answer',
      answer(200, {}, { errors: [{ type: 'RATE_LIMITED', message: 'x' }] }),
      'guess',
    ],
    ['none for a missing right', answer(403, { 'x-ratelimit-remaining': '55' }), null],
    ['none for a broken server', answer(502), null],
    [
      'none when all is well, even with nothing left',
      answer(200, { 'x-ratelimit-remaining': '0' }),
      null,
    ],
    [
      'none because somebody wrote the word',
      answer(200, {}, { body: '"type": "RATE_LIMITED"' }),
      null,
    ],
  ])('is %s', (_what, given, expected) => {
    expect(readWait(given, NOW)).toBe(expected);
  });
});

describe('limits', () => {
  it('close the door until the wait is over', () => {
    const clock = aClock();
    const limits = createLimits({ clock, creationsPerHour: Infinity });
    expect(limits.observe(answer(429, { 'retry-after': '10' }))).toBe(10 * SECOND);
    expect(limits.admit({ creates: false })).toBe(10 * SECOND);
    clock.advance(9_999);
    expect(limits.admit({ creates: false })).toBe(1);
    clock.advance(1);
    expect(limits.admit({ creates: false })).toBe(0);
  });

  it('never shorten a wait that was asked for before', () => {
    const limits = createLimits({ clock: aClock(), creationsPerHour: Infinity });
    limits.observe(answer(429, { 'retry-after': '100' }));
    limits.observe(answer(429, { 'retry-after': '1' }));
    expect(limits.admit({ creates: false })).toBe(100 * SECOND);
  });

  it('guess a minute and double it, up to an hour, until a call succeeds (F-055)', () => {
    const limits = createLimits({ clock: aClock(), creationsPerHour: Infinity });
    const waits = Array.from({ length: 8 }, () => limits.observe(answer(429)));
    expect(waits.map((wait) => (wait ?? 0) / MINUTE)).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    limits.observe(answer(200));
    expect(limits.observe(answer(429))).toBe(MINUTE);
  });

  it('let only so much new content out in any hour (I-34)', () => {
    const clock = aClock();
    const limits = createLimits({ clock, creationsPerHour: 2 });
    expect(limits.admit({ creates: true })).toBe(0);
    clock.advance(10 * MINUTE);
    expect(limits.admit({ creates: true })).toBe(0);
    expect(limits.admit({ creates: true })).toBe(50 * MINUTE);
    expect(limits.admit({ creates: false })).toBe(0);
    clock.advance(50 * MINUTE);
    expect(limits.admit({ creates: true })).toBe(0);
    expect(limits.admit({ creates: true })).toBe(10 * MINUTE);
  });
});

describe('a gateway that was asked to wait', () => {
  const limited: [string, Reply][] = [
    ['a 429', { status: 429, json: {}, headers: { 'retry-after': '30' } }],
    ['a secondary limit', { status: 403, json: secondary, headers: { 'retry-after': '30' } }],
    [
      'a GraphQL limit',
      {
        json: { errors: [{ type: 'RATE_LIMITED', message: 'x' }] },
        headers: {
          'x-ratelimit-remaining': '0',
          'x-ratelimit-reset': reset(29),
          date: NOW.toUTCString(),
        },
      },
    ],
  ];

  it.each(limited)('sends nothing at all until then, after %s (F-053)', async (_what, reply) => {
    const clock = aClock();
    await using server = await aServer(reply, { json: { id: 1 } }, { status: 204 });
    const gateway = gatewayTo(server, { clock });
    const wait = { retryAfterMs: 30 * SECOND, retryable: true, effect: 'none', status: 429 };

    await expect(gateway.pullRequest('acme/app', 1)).rejects.toMatchObject({
      ...wait,
      status: expect.any(Number),
    });
    await expect(gateway.comment('acme/app', 1, 'x')).rejects.toMatchObject(wait);
    await expect(gateway.rateLimit()).rejects.toMatchObject(wait);
    await expect(gateway.permission('acme/app', 'x')).rejects.toMatchObject(wait);
    expect(server.seen).toHaveLength(1);

    clock.advance(30 * SECOND);
    await gateway.closePullRequest('acme/app', 1);
    expect(server.seen).toHaveLength(2);
  });

  it('says so in the log, once for each time', async () => {
    const warnings: object[] = [];
    const log = {
      debug: () => {},
      info: () => {},
      warn: (fields: object) => warnings.push(fields),
    };
    await using server = await aServer({ status: 429, json: {}, headers: { 'retry-after': '5' } });
    const gateway = gatewayTo(server, { log });
    await expect(gateway.rateLimit()).rejects.toThrow('GitHub: rateLimit failed (429)');
    await expect(gateway.rateLimit()).rejects.toThrow('wait 5 s');
    expect(warnings).toEqual([{ waitMs: 5 * SECOND }]);
  });
});

describe('writes', () => {
  const done = { json: {} };

  async function timeOf(writeIntervalMs: number): Promise<number> {
    await using server = await aServer(done, done, done);
    const gateway = gatewayTo(server, { writeIntervalMs });
    const start = performance.now();
    await Promise.all([1, 2, 3].map((number) => gateway.closePullRequest('acme/app', number)));
    return performance.now() - start;
  }

  it('leave one interval apart (F-113)', async () => {
    expect(await timeOf(100)).toBeGreaterThan(190);
  });

  it('do not wait for each other when no interval is set', async () => {
    expect(await timeOf(0)).toBeLessThan(150);
  });
});
