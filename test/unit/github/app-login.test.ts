import { createVerify, generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { GitHubAuth } from '../../../src/github/gateway.ts';
import { aServer, gatewayTo } from './scripted-server.ts';
import type { Reply, ScriptedServer } from './scripted-server.ts';

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = keys.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
const auth: GitHubAuth = {
  app: { id: 11, installationId: 22, privateKey: () => Promise.resolve(pem) },
};
const RATE: Reply = { json: { resources: { core: { limit: 9, remaining: 8, reset: 7 } } } };

function token(name: string, lifeMs = 3_600_000): Reply {
  const expires_at = new Date(Date.now() + lifeMs).toISOString();
  return { status: 201, json: { token: name, expires_at, permissions: {} } };
}

const logins = (server: ScriptedServer): (string | undefined)[] =>
  server.seen.map(({ headers }) => headers.authorization?.replace(/^bearer .*/, 'JWT'));

// Only the date is held: timers and sockets stay real.
const REAL = [
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'setImmediate',
] as const;
const ALSO_REAL = [
  'clearImmediate',
  'nextTick',
  'queueMicrotask',
  'performance',
  'hrtime',
] as const;
beforeEach(() => void jest.useFakeTimers({ doNotFake: [...REAL, ...ALSO_REAL] }));
afterEach(() => void jest.useRealTimers());

describe('an App', () => {
  it('proves itself with a short JWT and goes on with the token of its installation', async () => {
    await using server = await aServer(token('one'), RATE, RATE);
    const gateway = gatewayTo(server, { auth });
    await gateway.rateLimit();
    await gateway.rateLimit();
    expect(server.asked[0]).toBe('POST /app/installations/22/access_tokens');
    expect(logins(server)).toEqual(['JWT', 'token one', 'token one']);
  });

  it('signs the JWT for less than ten minutes, from a minute ago (F-056)', async () => {
    await using server = await aServer(token('one'), RATE);
    await gatewayTo(server, { auth }).rateLimit();
    const jwt = server.seen[0]!.headers.authorization!.replace('bearer ', '');
    const [head = '', claims = '', signature = ''] = jwt.split('.');
    const read = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, number>;
    expect(
      createVerify('RSA-SHA256')
        .update(`${head}.${claims}`)
        .verify(keys.publicKey, signature, 'base64url'),
    ).toBe(true);
    expect(read['iss']).toBe('11');
    expect(read['exp']! - read['iat']!).toBe(9 * 60);
    expect(read['iat']!).toBeLessThan(Date.now() / 1000 - 59);
  });

  it('takes a new token in place of a refused one, once, even for a write (F-056)', async () => {
    const no: Reply = { status: 401, json: { message: 'Bad credentials' } };
    const comment = { id: 1, user: null, body: 'x', created_at: '2026-03-01T10:00:00Z' };
    await using server = await aServer(
      ...[token('old'), RATE, no, token('new'), { status: 201, json: comment }],
    );
    const gateway = gatewayTo(server, { auth });
    await gateway.rateLimit();
    jest.setSystemTime(Date.now() + 10_000); // a token younger than five seconds octokit tries again itself
    expect((await gateway.comment('acme/app', 1, 'x')).id).toBe(1);
    expect(logins(server)).toEqual(['JWT', 'token old', 'token old', 'JWT', 'token new']);
  });

  it('is told no when its installation is suspended (F-065)', async () => {
    const no: Reply = { status: 403, json: { message: 'This installation has been suspended' } };
    await using server = await aServer(no, no);
    const work = gatewayTo(server, { auth }).comment('acme/app', 1, 'x');
    const waits = { retryable: true, retryAfterMs: 300_000 };
    await expect(work).rejects.toMatchObject({ status: 403, effect: 'none', ...waits });
  });

  it('is told so too when it holds a token still; what only this call may not is its own (F-065)', async () => {
    const suspended: Reply = {
      status: 403,
      json: { message: 'This installation has been suspended' },
    };
    const forbidden: Reply = { status: 403, json: { message: 'Resource not accessible' } };
    await using server = await aServer(
      ...[token('old'), RATE, suspended, suspended],
      ...[forbidden, token('new')],
    );
    const gateway = gatewayTo(server, { auth });
    await gateway.rateLimit();
    const waiting = { status: 403, effect: 'none', retryAfterMs: 300_000 };
    await expect(gateway.comment('acme/app', 1, 'x')).rejects.toMatchObject(waiting);
    const refused = { status: 403, effect: 'none', retryable: false, retryAfterMs: null };
    await expect(gateway.comment('acme/app', 1, 'x')).rejects.toMatchObject(refused);
  });

  it('gives git a token that outlives a long push (F-072)', async () => {
    await using server = await aServer(token('short', 5 * 60_000), token('long'));
    expect(await gatewayTo(server, { auth }).gitToken()).toBe('long');
    expect(server.asked).toHaveLength(2);
  });

  it('has left nothing behind when it gets no token', async () => {
    const boom: Reply = { status: 500, json: { message: 'boom' } };
    await using server = await aServer(boom, boom, boom);
    const work = gatewayTo(server, { auth }).comment('acme/app', 1, 'x');
    await expect(work).rejects.toMatchObject({ effect: 'none', retryable: true });
  });

  it('asks GraphQL who it is, as it has no user', async () => {
    const viewer = { databaseId: 99, login: 'stagecoach[bot]', name: null };
    await using server = await aServer(token('one'), { json: { data: { viewer } } });
    expect(await gatewayTo(server, { auth }).viewer()).toEqual({
      id: 99,
      login: 'stagecoach[bot]',
      name: 'stagecoach[bot]',
      email: '99+stagecoach[bot]@users.noreply.github.com',
    });
  });
});
