import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ACME_SECRET, aSite, sign } from '../../conftest/web.ts';
import type { TestSite } from '../../conftest/web.ts';
import { speakRaw } from './raw-http.ts';

const ZEN = '{"zen":"Half measures are as bad as nothing at all."}';
const MEGABYTE = 1024 * 1024;
let site: TestSite;
beforeAll(async () => {
  site = await aSite({}, { headersMs: 250, requestMs: 500 });
});
afterAll(() => site[Symbol.asyncDispose]());

async function stored(): Promise<number> {
  const [row] = await site.db.query<[{ count: number }]>('select count(*)::int from delivery');
  return row.count;
}

/** Head of a request to the receiver that is right in everything but what a test changes. */
function head(changes: Record<string, string | null> = {}, line = 'POST /webhooks/github'): string {
  const headers: Record<string, string | null> = {
    Host: new URL(site.url).host,
    Connection: 'close',
    'Content-Type': 'application/json',
    'Content-Length': String(Buffer.byteLength(ZEN)),
    'X-GitHub-Event': 'ping',
    'X-GitHub-Delivery': randomUUID(),
    'X-Hub-Signature-256': sign(ZEN),
    ...changes,
  };
  const given = Object.entries(headers).filter(([, value]) => value !== null);
  return [
    `${line} HTTP/1.1`,
    ...given.map(([name, value]) => `${name}: ${value ?? ''}`),
    '',
    '',
  ].join('\r\n');
}

describe('a connection to the receiver', () => {
  it('is served when it is an ordinary one: the other tests of this file prove something', async () => {
    expect((await speakRaw(site.url, [head(), ZEN])).status).toBe(202);
  });

  it.each<[string, () => string[]]>([
    [
      'B-006 two signature headers, one of them right',
      () => [
        head().replace('\r\n\r\n', `\r\nX-Hub-Signature-256: sha256=${'0'.repeat(64)}\r\n\r\n`),
        ZEN,
      ],
    ],
    [
      'B-024 a line end within a header',
      () => [head({ 'X-GitHub-Delivery': 'a\r\nSet-Cookie sid=evil' }), ZEN],
    ],
    ['B-024 a NUL within a header', () => [head({ 'X-GitHub-Delivery': 'a\0b' }), ZEN]],
    [
      'B-026 both a length and chunks',
      () => [head({ 'Transfer-Encoding': 'chunked' }), '0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n'],
    ],
    ['B-026 two lengths', () => [head().replace('\r\n\r\n', '\r\nContent-Length: 1\r\n\r\n'), ZEN]],
    ['B-026 a length with a sign', () => [head({ 'Content-Length': '+53' }), ZEN]],
    [
      'B-026 chunks spelt in another way',
      () => [head({ 'Content-Length': null, 'Transfer-Encoding': 'chunked, identity' }), ZEN],
    ],
    ['B-025 a path through another', () => [head({}, 'POST /webhooks/x/%2e%2e/github'), ZEN]],
    ['B-025 a doubled slash', () => [head({}, 'POST //webhooks/github'), ZEN]],
    ['headers of 20 kB', () => [head({ 'X-Long': 'x'.repeat(20_000) }), ZEN]],
  ])('is refused and stores nothing: %s', async (_name, pieces) => {
    const before = await stored();
    const { status, text } = await speakRaw(site.url, pieces());
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(text).not.toMatch(/Set-Cookie|smuggled/i);
    expect(await stored()).toBe(before);
  });

  it.each<[string, () => string[]]>([
    ['B-008 that never ends its headers', () => ['POST /webhooks/github HTTP/1.1\r\nHost: x\r\n']],
    ['B-008 that never ends its body', () => [head({ 'Content-Length': '1000' }), '{']],
    ['B-007 that announces more than it sends', () => [head({ 'Content-Length': '999999' }), ZEN]],
  ])('is closed in time: %s', async (_name, pieces) => {
    const before = await stored();
    const begun = performance.now();
    const { status } = await speakRaw(site.url, pieces());
    expect([408, 0]).toContain(status);
    expect(performance.now() - begun).toBeLessThan(10_000); // half a second was asked for; Node looks only every 30 s
    expect(await stored()).toBe(before);
  });

  it('B-007 is closed at the limit when it never ends its chunks, and holds no more in memory', async () => {
    await using patient = await aSite();
    const chunk = Buffer.concat([
      Buffer.from(`${MEGABYTE.toString(16)}\r\n`),
      Buffer.alloc(MEGABYTE, 32),
      Buffer.from('\r\n'),
    ]);
    function* endless(): Generator<string | Buffer> {
      yield head({ 'Content-Length': null, 'Transfer-Encoding': 'chunked' });
      for (;;) yield chunk;
    }
    const { status, sent } = await speakRaw(patient.url, endless());
    expect([413, 0]).toContain(status);
    expect(sent).toBeGreaterThan(26 * MEGABYTE);
    expect(sent).toBeLessThan(60 * MEGABYTE); // the rest is what lay in the sockets' buffers
    const rows = await patient.db.query<unknown[]>('select from delivery');
    expect(rows).toEqual([]);
  });
});

describe('a body that nobody has signed', () => {
  it('B-001 is not even looked at: neither parsed nor taken to the database', async () => {
    await using closed = await aSite();
    await closed.db.destroy(); // whoever asks it now gets 503
    const nested = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const answer = await closed.deliver(nested, {
      'x-hub-signature-256': `sha256=${'0'.repeat(64)}`,
    });
    const unsigned = await closed.deliver(nested, { 'x-hub-signature-256': undefined });
    await closed.db.initialize();
    expect([answer.status, unsigned.status, closed.alarms]).toEqual([401, 401, []]);
  });
});

describe('what the receiver says of itself', () => {
  it('B-005 is never the signature it expected', async () => {
    const wrong = sign(ZEN, 'some-other-secret-entirely');
    const { text } = await site.deliver(ZEN, { 'x-hub-signature-256': wrong });
    expect(text).toBe('{"message":"bad signature"}');
    expect(site.alarms.join()).not.toContain(sign(ZEN, ACME_SECRET));
  });
});
