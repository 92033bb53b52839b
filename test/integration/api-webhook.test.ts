import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Secret } from '../../src/lib/secret.ts';
import { ACME_SECRET, aSite, sign } from '../conftest/web.ts';
import type { TestSite } from '../conftest/web.ts';

const ZEN = '{"zen":"Keep it logically awesome."}';
let site: TestSite;
beforeAll(async () => {
  site = await aSite();
});
afterAll(() => site[Symbol.asyncDispose]());

async function stored(): Promise<number> {
  const [row] = await site.db.query<[{ count: number }]>('select count(*)::int from delivery');
  return row.count;
}

describe('the webhook receiver', () => {
  it('stores the bytes as they came, answers 202 and wakes the deliveries cron', async () => {
    const guid = randomUUID();
    const body = '{ "zen" :  "spaces stay",\n"n": 9007199254740993 }';
    const answer = await site.deliver(body, { 'x-github-delivery': guid });
    expect(answer.status).toBe(202);
    const [row] = await site.db.query<[{ body: Buffer; event: string }]>(
      'select body, event from delivery where guid = $1',
      [guid],
    );
    expect(row.body.toString()).toBe(body);
    expect(row.event).toBe('ping');
    const wakes = await site.db.query<unknown[]>(
      `select from cron_trigger where cron = 'deliveries'`,
    );
    expect(wakes.length).toBeGreaterThan(0);
  });

  it.each<[string, Record<string, string | undefined>, number]>([
    ['B-001 no signature', { 'x-hub-signature-256': undefined }, 401],
    ['B-001 an empty signature', { 'x-hub-signature-256': '' }, 401],
    ['B-001 the sha1 header alone', { 'x-hub-signature-256': 'sha1=' }, 401],
    ['B-002 a short signature', { 'x-hub-signature-256': 'sha256=abcd' }, 401],
    [
      'B-002 a signature that is not hex',
      { 'x-hub-signature-256': `sha256=${'z'.repeat(64)}` },
      401,
    ],
    ['B-003 md5', { 'x-hub-signature-256': `md5=${'a'.repeat(32)}` }, 401],
    ['B-003 none', { 'x-hub-signature-256': 'none=' }, 401],
    [
      'B-004 the secret of somebody else',
      { 'x-hub-signature-256': sign(ZEN, 'another-secret-of-mine') },
      401,
    ],
    [
      'B-005 the same JSON printed differently',
      { 'x-hub-signature-256': sign(ZEN.replace(':', ': ')) },
      401,
    ],
    ['B-006 two signatures', { 'x-hub-signature-256': `${sign(ZEN)}, ${sign(ZEN)}` }, 401],
    ['B-009 a content encoding', { 'content-encoding': 'gzip' }, 415],
    ['B-010 a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['B-010 plain text', { 'content-type': 'text/plain' }, 415],
    ['B-019 no delivery id', { 'x-github-delivery': undefined }, 400],
    ['B-019 a delivery id that is none', { 'x-github-delivery': 'x'.repeat(10_000) }, 400],
    ['an event that is no name', { 'x-github-event': "ping'; --" }, 400],
  ])('refuses and stores nothing: %s', async (_name, headers, status) => {
    const before = await stored();
    const answer = await site.deliver(ZEN, headers);
    expect([answer.status, typeof answer.json.message]).toEqual([status, 'string']);
    expect(await stored()).toBe(before);
  });

  it('B-007 refuses a body over 26 MB', async () => {
    const answer = await site.deliver(Buffer.alloc(26 * 1024 * 1024 + 1, 32));
    expect(answer.status).toBe(413);
  });

  it.each(['not json', '', '[]', '7', 'null', '{"a":"\\u0000"}', '{"a":"\\ud800"}'])(
    'B-011 stores a signed body that makes no sense: %j',
    async (body) => {
      expect((await site.deliver(body)).status).toBe(202);
    },
  );

  it('B-020 B-027 stores events it does not know', async () => {
    const answer = await site.deliver(ZEN, { 'x-github-event': 'something_new' });
    expect(answer.status).toBe(202);
  });

  it.each(['GET', 'PUT', 'OPTIONS'])('B-025 knows no %s on its path', async (method) => {
    const answer = await site.call(method, '/webhooks/github');
    expect([404, 405]).toContain(answer.status);
  });

  it('B-025 knows no crooked paths', async () => {
    expect((await site.call('POST', '//webhooks/github')).status).toBe(404);
  });

  it('takes a repeated delivery once', async () => {
    const headers = { 'x-github-delivery': randomUUID() };
    await site.deliver(ZEN, headers);
    const before = await stored();
    expect((await site.deliver(ZEN, headers)).status).toBe(202);
    expect(await stored()).toBe(before);
  });

  it('B-030 keeps the first body of a delivery id and raises an alarm at another', async () => {
    const headers = { 'x-github-delivery': randomUUID() };
    await site.deliver(ZEN, headers);
    const other = '{"zen":"other"}';
    const again = await site.deliver(other, { ...headers, 'x-hub-signature-256': sign(other) });
    expect(again.status).toBe(202);
    expect(site.alarms.splice(0).join()).toContain('came with another body');
  });

  it('verifies the example of GitHub’s documentation', async () => {
    await using documented = await aSite({
      webhookSecrets: [{ project: 'acme', secret: new Secret("It's a Secret to Everybody") }],
    });
    const signature = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
    const answer = await documented.deliver('Hello, World!', { 'x-hub-signature-256': signature });
    expect(answer.status).toBe(202);
  });

  it('B-004 lets the secret of one project not speak for the repository of another', async () => {
    await using two = await aSite({
      webhookSecrets: [
        { project: 'acme', secret: new Secret(ACME_SECRET) },
        { project: 'other', secret: new Secret('the-webhook-secret-of-other') },
      ],
    });
    const payload = JSON.stringify({ repository: { id: 11, full_name: 'other/thing' } });
    const signed = { 'x-hub-signature-256': sign(payload, 'the-webhook-secret-of-other') };
    expect((await two.deliver(payload, signed)).status).toBe(401);
    expect((await two.deliver(payload)).status).toBe(202);
  });

  it('answers each of a crowd for itself', async () => {
    const before = await stored();
    const bodies = Array.from({ length: 90 }, (_, n) => JSON.stringify({ zen: n }));
    const guids: string[] = bodies.map(() => randomUUID());
    const [twice = '', other = ''] = guids.slice(40);
    const crowd = [
      ...bodies.map((body, n) => [guids[n] ?? '', body] as const),
      [twice, bodies[40] ?? ''] as const,
      [other, ZEN] as const,
    ];
    const answers = await Promise.all(
      crowd.map(([guid, body]) => site.deliver(body, { 'x-github-delivery': guid })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect((await stored()) - before).toBe(90);
    const rows = await site.db.query<{ guid: string; body: Buffer }[]>(
      'select guid, body from delivery where guid = any($1) and guid <> $2',
      [guids, other],
    );
    expect(rows.every((row) => row.body.toString() === bodies[guids.indexOf(row.guid)])).toBe(true);
    expect(site.alarms.join()).toContain('came with another body');
  });

  it('stores on another connection what one ended under (F-026)', async () => {
    const before = await stored();
    await site.db.query(`
      create sequence cuts;
      create function cut_once() returns trigger language plpgsql as $$
      begin
        -- a sequence does not go back with the transaction
        if nextval('cuts') = 1 then perform pg_terminate_backend(pg_backend_pid()); end if;
        return null;
      end $$;
      create trigger cut_once after insert on delivery for each statement execute function cut_once();`);
    const { status } = await site.deliver(ZEN);
    expect(status).toBe(202);
    expect((await stored()) - before).toBe(1);
    await site.db.query('drop function cut_once() cascade; drop sequence cuts');
  });

  it('answers 503 when it cannot store', async () => {
    await using dying = await aSite();
    await dying.db.destroy();
    const answer = await dying.deliver(ZEN);
    await dying.db.initialize();
    expect(answer.status).toBe(503);
    expect(dying.alarms.join()).toContain('could not be stored');
  });
});
