import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Secret } from '../../src/lib/secret.ts';
import { aSite } from '../conftest/web.ts';
import type { TestSite } from '../conftest/web.ts';

/** The little of GitHub that a login needs: it remembers the code it gave out and checks what comes back. */
let github: Server;
let asked: Record<string, string>;
let account: unknown = { id: 77, login: 'rita' };
let site: TestSite;
let day = 0;

/** Sets the clock to a time of this test's own day. */
const at = (time: string) => site.clock.set(`2026-05-${String(day).padStart(2, '0')}T${time}:00Z`);

beforeAll(async () => {
  github = createServer((request, response) => {
    void answer(request).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise((resolve) => github.listen(0, '127.0.0.1', () => resolve(null)));
  const { port } = github.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const oauth = { clientId: 'client-1', clientSecret: new Secret('the-secret-of-the-oauth-app') };
  site = await aSite({ oauth, github: { apiUrl: url, webUrl: url } });
  await site.db.query(`insert into person (login, github_id) values ('rita', 77), ('bob', 78)`);
  await site.db.query(
    `insert into access_right (person_id, project_id, kind) values (1, 1, 'admin')`,
  );
});
beforeEach(() => {
  day += 1; // whatever an address has used up of its limits, it has again
  at('08:00');
});
afterAll(async () => {
  await site[Symbol.asyncDispose]();
  github.close();
});

async function answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
  if (request.url === '/user')
    return request.headers.authorization === 'Bearer gho_token'
      ? { status: 200, body: account }
      : { status: 401, body: {} };
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  asked = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, string>;
  const isRight =
    asked['code'] === 'good' && asked['client_secret'] === 'the-secret-of-the-oauth-app';
  return {
    status: 200,
    body: isRight ? { access_token: 'gho_token' } : { error: 'bad_verification_code' },
  };
}

/** The pair of name and value of a cookie that was set. */
function cookieOf(headers: Headers, name: string): string {
  const line = headers.getSetCookie().find((each) => each.startsWith(`${name}=`)) ?? '';
  return line.split(';')[0] ?? '';
}

async function begin(): Promise<{ location: URL; cookie: string }> {
  const { status, headers } = await site.call('GET', '/login');
  expect(status).toBe(302);
  return { location: new URL(headers.get('location') ?? ''), cookie: cookieOf(headers, 'login') };
}

const comeBack = (query: string, cookie: string) =>
  site.call('GET', `/login/callback?${query}`, { headers: { cookie } });

async function logIn(): Promise<string> {
  const { location, cookie } = await begin();
  const state = location.searchParams.get('state') ?? '';
  const { headers } = await comeBack(`code=good&state=${state}`, cookie);
  return cookieOf(headers, 'sid');
}

const turnOff = (cookie: string) =>
  site.call('PATCH', '/api/crons/labels', {
    body: { active: false, reason: 'x' },
    headers: { cookie },
  });

describe('logging in with GitHub', () => {
  it('proves the exchange with PKCE and a state bound to the browser', async () => {
    const { location, cookie } = await begin();
    const state = location.searchParams.get('state') ?? '';
    expect(location.searchParams.get('client_id')).toBe('client-1');
    expect(location.searchParams.get('redirect_uri')).toBe(`${site.url}/login/callback`);
    expect(state).toMatch(/^[0-9a-f]{32}$/);
    const back = await comeBack(`code=good&state=${state}`, cookie);
    expect([back.status, back.headers.get('location')]).toEqual([303, '/']);
    const challenge = createHash('sha256')
      .update(asked['code_verifier'] ?? '')
      .digest('base64url');
    expect(location.searchParams.get('code_challenge')).toBe(challenge);
  });

  it('lets an admin change things, under his own name', async () => {
    const cookie = await logIn();
    expect((await turnOff(cookie)).status).toBe(200);
    const audit = await site.call('GET', '/api/audit?object=cron:labels');
    expect(audit.json.items[0]).toMatchObject({ actor: 'rita', via: 'api' });
    const page = await site.call('GET', '/crons', { headers: { cookie } });
    expect(page.text).toContain('Log out');
  });

  it('goes by the numeric id, not by the login (R32)', async () => {
    account = { id: 78, login: 'rita' };
    const cookie = await logIn();
    account = { id: 77, login: 'rita' };
    expect((await turnOff(cookie)).status).toBe(403);
  });

  it('reads rights anew at every call', async () => {
    const cookie = await logIn();
    await site.db.query(`update access_right set kind = 'review'`);
    expect((await turnOff(cookie)).status).toBe(403);
    await site.db.query(`update access_right set kind = 'admin'`);
    expect((await turnOff(cookie)).status).toBe(200);
  });

  it('ends after eight hours, however busy', async () => {
    const cookie = await logIn();
    for (let minutes = 25; minutes < 480; minutes += 25) {
      at(new Date(Date.UTC(2026, 4, 4, 8, minutes)).toISOString().slice(11, 16));
      expect([minutes, (await turnOff(cookie)).status]).toEqual([minutes, 200]);
    }
    at('16:00');
    expect((await turnOff(cookie)).status).toBe(401);
  });

  it('ends when half an hour goes by without a request', async () => {
    const cookie = await logIn();
    at('08:29');
    expect((await turnOff(cookie)).status).toBe(200);
    at('08:58');
    expect((await turnOff(cookie)).status).toBe(200);
    at('09:28');
    expect((await turnOff(cookie)).status).toBe(401);
  });

  it('B-097 ends at log-out for every copy of the cookie, and for no other login', async () => {
    const [cookie, other] = [await logIn(), await logIn()];
    const out = await site.call('POST', '/logout', { headers: { cookie } });
    expect([out.status, cookieOf(out.headers, 'sid')]).toEqual([204, 'sid=']);
    expect((await turnOff(cookie)).status).toBe(401);
    expect((await turnOff(other)).status).toBe(200);
  });

  it('B-097 gives a new value at each login and takes none that was planted', async () => {
    const planted = `sid=${'A'.repeat(43)}`;
    const { location, cookie } = await begin();
    const state = location.searchParams.get('state') ?? '';
    const { headers } = await comeBack(`code=good&state=${state}`, `${cookie}; ${planted}`);
    expect(cookieOf(headers, 'sid')).not.toBe(planted);
    expect((await turnOff(planted)).status).toBe(401);
    const lines = headers.getSetCookie().filter((line) => line.startsWith('sid='));
    expect(lines).toEqual([expect.stringMatching(/; Path=\/; HttpOnly; SameSite=Lax$/)]);
  });

  it('B-097 keeps no cookie value in the database, and names the cookie for its host under TLS', async () => {
    const cookie = await logIn();
    const rows = await site.db.query<{ hash: string }[]>('select * from web_session');
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(cookie.split('=')[1]);
    const oauth = { clientId: 'client-1', clientSecret: new Secret('the-secret-of-the-oauth-app') };
    await using secure = await aSite({ oauth, url: 'https://bot.test' });
    const { headers } = await secure.call('GET', '/login');
    expect(headers.getSetCookie()).toEqual([expect.stringMatching(/^__Host-login=.*; Secure$/)]);
    expect(headers.get('strict-transport-security')).toContain('max-age');
  });

  it.each<[string, (state: string) => string]>([
    ['without a state', () => 'code=good'],
    ['with a foreign state', () => `code=good&state=${'0'.repeat(32)}`],
    ['without a code', (state) => `state=${state}`],
    ['that was refused', (state) => `error=access_denied&state=${state}`],
  ])('B-098 refuses a callback %s', async (_name, query) => {
    const { location, cookie } = await begin();
    const back = await comeBack(query(location.searchParams.get('state') ?? ''), cookie);
    expect([back.status, cookieOf(back.headers, 'sid')]).toEqual([400, '']);
  });

  it('B-098 refuses a state that another browser began, a used-up code, and a late callback', async () => {
    const mine = await begin();
    const state = mine.location.searchParams.get('state') ?? '';
    expect((await comeBack(`code=good&state=${state}`, (await begin()).cookie)).status).toBe(400);
    expect((await comeBack(`code=used&state=${state}`, mine.cookie)).status).toBe(401);
    at('08:11');
    expect((await comeBack(`code=good&state=${state}`, mine.cookie)).status).toBe(400);
  });

  it('takes no cookie of one purpose for another', async () => {
    const { cookie } = await begin();
    expect((await turnOff(cookie.replace('login=', 'sid='))).status).toBe(401);
  });
});
