import { describe, expect, it } from '@jest/globals';
import { request } from 'node:http';
import { Secret } from '../../src/lib/secret.ts';
import { aSite, bearer } from '../conftest/web.ts';

const off = { active: false, reason: 'test' };
const oauth = { clientId: 'client', clientSecret: new Secret('the-secret-of-the-oauth-app') };

/** `fetch` sets Host and Sec-Fetch-Site itself: a browser's lies need a plain request. */
function statusOf(url: string, method: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.end(method === 'GET' ? undefined : JSON.stringify(off));
  });
}

describe('a server that is open to its own machine', () => {
  it('takes every local caller as admin', async () => {
    await using site = await aSite();
    expect((await site.call('PATCH', '/api/crons/merge', { body: off })).status).toBe(200);
  });

  it.each<[string, Record<string, string>]>([
    ['forwarded by a proxy', { 'x-forwarded-for': '203.0.113.5' }],
    ['for a name that was made to point here', { host: 'evil.example' }],
  ])('does not take a request as local that is %s', async (_name, extra) => {
    await using site = await aSite();
    const headers = { 'content-type': 'application/json', ...extra };
    expect(await statusOf(`${site.url}/api/crons/merge`, 'PATCH', headers)).toBe(401);
    expect(await statusOf(`${site.url}/api/crons`, 'GET', extra)).toBe(200);
  });

  it.each<[string, Record<string, string>, number]>([
    ['another origin', { origin: 'https://evil.example' }, 403],
    ['a sandboxed page', { origin: 'null' }, 403],
    ['a page of another site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['JSON that says it is text', { 'content-type': 'text/plain' }, 415],
  ])('B-096 refuses a write from %s', async (_name, extra, status) => {
    await using site = await aSite();
    const headers = { 'content-type': 'application/json', ...extra };
    expect(await statusOf(`${site.url}/api/crons/merge`, 'PATCH', headers)).toBe(status);
    expect((await site.call('GET', '/api/audit')).json.items).toEqual([]);
  });

  it('takes a write from its own pages and notes that it came from one', async () => {
    await using site = await aSite();
    const headers = {
      'content-type': 'application/json',
      'sec-fetch-site': 'same-origin',
      origin: site.url,
    };
    expect(await statusOf(`${site.url}/api/crons/merge`, 'PATCH', headers)).toBe(200);
    expect((await site.call('GET', '/api/audit')).json.items).toMatchObject([{ via: 'page' }]);
  });
});

describe('a server that asks who is there', () => {
  it('lets strangers read nothing but its health, and write nothing', async () => {
    await using site = await aSite({ auth: 'required' });
    for (const path of ['/api/status', '/api/crons', '/metrics', '/api/audit'])
      expect([path, (await site.call('GET', path)).status]).toEqual([path, 401]);
    for (const path of ['/healthz', '/readyz'])
      expect([path, (await site.call('GET', path)).status]).toEqual([path, 200]);
    expect((await site.call('PATCH', '/api/crons/merge', { body: off })).status).toBe(401);
    expect((await site.deliver('{}')).status).toBe(202);
  });

  it('knows who sends a token, and names the token in the audit log', async () => {
    await using site = await aSite({ auth: 'required' });
    const headers = await bearer(site.db, 'release-robot');
    expect((await site.call('PATCH', '/api/crons/merge', { body: off, headers })).status).toBe(200);
    const audit = await site.call('GET', '/api/audit', { headers });
    expect(audit.json.items).toMatchObject([{ actor: 'token:release-robot' }]);
  });

  it('refuses tokens that are wrong or revoked, also where reading is open', async () => {
    await using site = await aSite();
    const headers = await bearer(site.db);
    await site.db.query('update api_token set revoked_at = $1', [site.clock.now()]);
    expect((await site.call('GET', '/api/crons', { headers })).status).toBe(401);
    for (const authorization of [
      'Bearer nothing',
      'Basic YTpi',
      'Bearer ',
      `Bearer ${'x'.repeat(30)}`,
    ])
      expect((await site.call('GET', '/api/crons', { headers: { authorization } })).status).toBe(
        401,
      );
  });

  it('lets everybody read and nobody write where people log in and nobody has', async () => {
    await using site = await aSite({ oauth });
    expect((await site.call('GET', '/api/crons')).status).toBe(200);
    expect((await site.call('PATCH', '/api/crons/merge', { body: off })).status).toBe(401);
  });

  it('believes no cookie that it did not seal', async () => {
    await using site = await aSite({ oauth });
    const body = Buffer.from('{"githubId":"1","login":"root","until":9e15}').toString('base64url');
    for (const sid of [`${body}.`, `${body}.${'A'.repeat(43)}`, body, '..', ''])
      expect(
        (
          await site.call('PATCH', '/api/crons/merge', {
            body: off,
            headers: { cookie: `sid=${sid}` },
          })
        ).status,
      ).toBe(401);
  });
});

describe('every answer', () => {
  it('carries the headers that keep browsers safe', async () => {
    await using site = await aSite();
    const { headers } = await site.call('GET', '/api/crons');
    expect(headers.get('content-security-policy')).toContain(`default-src 'none'`);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('to a fault of ours tells an id and nothing else', async () => {
    await using site = await aSite();
    await site.db.query('alter table audit rename to gone');
    const { status, json } = await site.call('GET', '/api/audit');
    expect(status).toBe(500);
    expect(json).toEqual({ message: expect.stringMatching(/^internal error [0-9a-f-]{36}$/) });
    expect(site.alarms.join()).toContain('request failed');
  });

  it('B-105 refuses a body over 64 KiB', async () => {
    await using site = await aSite();
    const body = { ...off, reason: 'x'.repeat(70_000) };
    expect((await site.call('PATCH', '/api/crons/merge', { body })).status).toBe(413);
  });
});
