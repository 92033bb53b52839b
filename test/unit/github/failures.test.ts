import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { GitHubError } from '../../../src/github/errors.ts';
import { aServer, gatewayTo } from './scripted-server.ts';
import type { Reply } from './scripted-server.ts';

const COMMENT = { id: 1, user: null, body: 'x', created_at: '2026-03-01T10:00:00Z' };
const RATE = { resources: { core: { limit: 9, remaining: 8, reset: 7 } } };

/** The error of a promise, which must have one and of this kind. */
async function failureOf(work: Promise<unknown>): Promise<GitHubError> {
  const error: unknown = await work.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (error instanceof GitHubError) return error;
  throw error;
}

const resets: Reply = (request) => request.socket.destroy();
const stalls: Reply = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
  response.write('{');
};
const breaksOff: Reply = (request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
  response.write('{"id":');
  setImmediate(() => request.socket.destroy());
};

describe('a write that must be done once', () => {
  it.each<[string, Reply, Partial<GitHubError>]>([
    ['500', { status: 500, json: { message: 'boom' } }, { status: 500, effect: 'unknown' }],
    ['502 with a page', { status: 502, text: '<html>' }, { status: 502, effect: 'unknown' }],
    ['200 with a page (F-052)', { text: '<html>hi' }, { status: 502, effect: 'unknown' }],
    ['a reset (F-051)', resets, { status: null, effect: 'unknown' }],
    ['half an answer (F-051)', breaksOff, { status: null, effect: 'unknown' }],
    ['cut JSON (F-051)', { headers: {}, status: 201 }, { effect: 'unknown' }],
  ])('is sent once and left to the caller after %s', async (_what, reply, expected) => {
    await using server = await aServer(reply);
    const failure = await failureOf(gatewayTo(server).comment('acme/app', 1, 'hello'));
    expect(failure).toMatchObject({ operation: 'comment', retryable: true, ...expected });
    expect(server.asked).toEqual(['POST /repos/acme/app/issues/1/comments']);
  });

  it.each([400, 401, 403, 404, 409, 410, 422])(
    'has surely not been done after %i',
    async (status) => {
      await using server = await aServer({
        status,
        json: { message: 'No', errors: [{ code: 'custom', message: 'really' }, 'never'] },
        headers: { 'x-github-request-id': 'ABCD:1' },
      });
      const failure = await failureOf(gatewayTo(server).comment('acme/app', 1, 'hello'));
      expect(failure).toMatchObject({
        status,
        effect: 'none',
        retryable: false,
        retryAfterMs: null,
        requestId: 'ABCD:1',
        detail: 'No; really; never',
      });
      expect(server.seen).toHaveLength(1);
    },
  );

  it('has surely not been done when nobody listens', async () => {
    const closed = await aServer();
    const { url } = closed;
    await closed[Symbol.asyncDispose]();
    const failure = await failureOf(gatewayTo({ url }).comment('acme/app', 1, 'hello'));
    expect(failure).toMatchObject({ status: null, effect: 'none', retryable: true });
  });

  it('has perhaps been done when the answer stalls until the deadline (F-050)', async () => {
    await using server = await aServer(stalls);
    const gateway = gatewayTo(server, { deadlineMs: 100 });
    const failure = await failureOf(gateway.comment('acme/app', 1, 'hello'));
    expect(failure).toMatchObject({ status: null, effect: 'unknown', retryable: true });
    expect(failure.detail).toBe('no whole answer before the deadline');
  });

  it('has surely not been done when TLS never comes to stand (F-050)', async () => {
    const mute = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => mute.once('listening', resolve));
    const url = `https://127.0.0.1:${(mute.address() as AddressInfo).port}`;
    const gateway = gatewayTo({ url }, { connectMs: 50 });
    const failure = await failureOf(gateway.comment('acme/app', 1, 'hello'));
    mute.close();
    expect(failure).toMatchObject({ effect: 'none', retryable: true });
    expect(failure.detail).toBe('no connection within 50 ms');
  });

  it('tells a comment that cannot be read from one that was not made', async () => {
    await using server = await aServer({ status: 201, json: { ...COMMENT, id: 'one' } });
    const failure = await failureOf(gatewayTo(server).comment('acme/app', 1, 'hello'));
    expect(failure).toMatchObject({ effect: 'unknown', retryable: false });
  });
});

describe('a read', () => {
  it.each<[string, Reply]>([
    ['500', { status: 500, json: {} }],
    ['503', { status: 503, json: {} }],
    ['a reset', resets],
    ['a page', { text: '<html>' }],
    ['half an answer', breaksOff],
  ])('is repeated after %s', async (_what, reply) => {
    await using server = await aServer(reply, reply, { json: RATE });
    expect((await gatewayTo(server).rateLimit()).core.remaining).toBe(8);
    expect(server.seen).toHaveLength(3);
  });

  it('is given up after the third try, without an effect', async () => {
    const boom = { status: 500, json: { message: 'boom' } };
    await using server = await aServer(boom, boom, boom, { json: RATE });
    const failure = await failureOf(gatewayTo(server).rateLimit());
    expect(failure).toMatchObject({ status: 500, effect: 'none', retryable: true });
    expect(server.seen).toHaveLength(3);
  });

  it('shares one deadline among its tries', async () => {
    await using server = await aServer({ status: 500, json: {} }, stalls, { json: RATE });
    const failure = await failureOf(gatewayTo(server, { deadlineMs: 150 }).rateLimit());
    expect(failure.effect).toBe('none');
    expect(server.seen).toHaveLength(2);
  });

  it('does not follow a redirect, to wherever it leads (F-064)', async () => {
    await using server = await aServer({
      status: 302,
      headers: { location: 'http://169.254.169.254/latest' },
    });
    const failure = await failureOf(gatewayTo(server).rateLimit());
    expect(failure).toMatchObject({ status: 302, effect: 'none', retryable: false });
    expect(server.seen).toHaveLength(1);
  });
});

describe('a write that is the same done twice', () => {
  it('is repeated after trouble', async () => {
    await using server = await aServer({ status: 502, text: '<html>' }, { json: [] });
    const outcome = await gatewayTo(server).addLabels('acme/app', 1, ['conflict']);
    expect(outcome).toEqual({ kind: 'done' });
    expect(server.seen).toHaveLength(2);
  });
});

describe('a GraphQL query', () => {
  it.each([
    ['of its own', [{ type: 'FORBIDDEN', message: 'No' }], false],
    ['of validation', [{ message: 'No field', extensions: { code: 'undefinedField' } }], false],
    ['of the machinery', [{ message: 'timed out' }], true],
  ])('fails with an error %s', async (_what, errors, retryable) => {
    await using server = await aServer({ json: { data: null, errors } });
    const failure = await failureOf(gatewayTo(server).pullRequest('acme/app', 1));
    expect(failure).toMatchObject({
      operation: 'pullRequest',
      status: 200,
      effect: 'none',
      retryable,
    });
  });

  it('names its operation and reaches the address of an enterprise server', async () => {
    await using server = await aServer({ json: { data: { repository: null } } });
    const apiUrl = `${server.url}/api/v3`;
    const gateway = gatewayTo(server, { apiUrl, graphqlUrl: `${server.url}/api/graphql` });
    expect(await gateway.pullRequest('acme/app', 1)).toEqual({ kind: 'missing' });
    expect(server.asked).toEqual(['POST /api/graphql']);
    expect(server.seen[0]?.body).toMatchObject({
      query: expect.stringContaining('query PullRequest('),
      variables: { owner: 'acme', repo: 'app', number: 1 },
    });
  });
});

describe('a repository name', () => {
  it.each(['app', '../app', 'acme/app/pulls', 'acme/..', 'acme/a%2f', 'acme/a?b'])(
    'is refused before anything is sent when it is %j',
    async (name) => {
      await using server = await aServer();
      await expect(gatewayTo(server).comment(name, 1, 'x')).rejects.toThrow(TypeError);
      expect(server.seen).toEqual([]);
    },
  );
});
