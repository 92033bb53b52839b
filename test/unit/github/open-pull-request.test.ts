import { describe, expect, it } from '@jest/globals';
import type { NewPullRequest } from '../../../src/github/gateway.ts';
import { pullRequest } from './payloads.ts';
import type { Json } from './payloads.ts';
import { aServer, gatewayTo } from './scripted-server.ts';
import type { Reply } from './scripted-server.ts';

const WANTED: NewPullRequest = {
  repo: 'acme/app',
  title: 'Port',
  body: 'Forward-Port-Of: acme/app#1',
  head: 'bot:18.0-x-1-fw',
  base: '18.0',
};

function port(changed: Json = {}): Json {
  return pullRequest({
    head: {
      sha: 'a'.repeat(40),
      ref: '18.0-x-1-fw',
      label: 'bot:18.0-x-1-fw',
      repo: { full_name: 'bot/app' },
    },
    ...changed,
  });
}

const CREATE = 'POST /repos/acme/app/pulls';
const LOOK = 'GET /repos/acme/app/pulls';
const created: Reply = { status: 201, json: port({ number: 40 }) };
const refused: Reply = {
  status: 422,
  json: { message: 'Validation Failed', errors: [{ message: 'No commits between 18.0 and x' }] },
};
const boom: Reply = { status: 502, text: '<html>' };
const lost: Reply = (request) => request.socket.destroy();
const found = (...pulls: Json[]): Reply => ({ json: pulls });

describe('opening a pull request', () => {
  it('creates it with one call', async () => {
    await using server = await aServer(created);
    const outcome = await gatewayTo(server).createPullRequest(WANTED);
    expect(outcome).toMatchObject({ kind: 'created', number: 40, state: 'open' });
    expect(server.asked).toEqual([CREATE]);
    expect(server.seen[0]?.body).toEqual({
      title: 'Port',
      body: 'Forward-Port-Of: acme/app#1',
      head: 'bot:18.0-x-1-fw',
      base: '18.0',
    });
  });

  it('names the repository of the head when both belong to one organisation', async () => {
    await using server = await aServer(created);
    await gatewayTo(server).createPullRequest({ ...WANTED, headRepository: 'acme/app-ports' });
    expect(server.seen[0]?.body).toMatchObject({ head_repo: 'app-ports' });
  });

  it('finds the open one that made GitHub refuse a second (F-059)', async () => {
    await using server = await aServer(refused, found(port({ number: 39 })));
    const outcome = await gatewayTo(server).createPullRequest(WANTED);
    expect(outcome).toMatchObject({ kind: 'exists', number: 39 });
    const query = server.seen[1]?.url.searchParams;
    expect([query?.get('head'), query?.get('base'), query?.get('state')]).toEqual([
      'bot:18.0-x-1-fw',
      '18.0',
      'open',
    ]);
  });

  it('is refused in GitHub words when there is none', async () => {
    await using server = await aServer(refused, found());
    expect(await gatewayTo(server).createPullRequest(WANTED)).toEqual({
      kind: 'refused',
      detail: 'Validation Failed; No commits between 18.0 and x',
    });
  });

  it.each([
    ['an error after the deed', boom],
    ['a lost answer', lost],
    ['an answer that cannot be read', { status: 201, json: {} }],
  ])('finds its own after %s, and posts no second (F-049)', async (_what, reply) => {
    await using server = await aServer(reply, found(port({ number: 40 })));
    const outcome = await gatewayTo(server).createPullRequest(WANTED);
    expect(outcome).toMatchObject({ kind: 'exists', number: 40 });
    expect(server.asked).toEqual([CREATE, LOOK]);
    expect(server.seen[1]?.url.searchParams.get('state')).toBe('all');
  });

  it('takes the open one, else the newest, of several', async () => {
    const closed = (number: number): Json => port({ id: number, number, state: 'closed' });
    await using server = await aServer(lost, found(closed(50), port({ number: 41 }), closed(30)));
    expect(await gatewayTo(server).createPullRequest(WANTED)).toMatchObject({ number: 41 });
    await using other = await aServer(lost, found(closed(30), closed(50)));
    expect(await gatewayTo(other).createPullRequest(WANTED)).toMatchObject({
      number: 50,
      state: 'closed',
    });
  });

  it('leaves the doubt to the caller when nothing shows up after a lost answer', async () => {
    await using server = await aServer(lost, found());
    const work = gatewayTo(server).createPullRequest(WANTED);
    await expect(work).rejects.toMatchObject({
      operation: 'createPullRequest',
      effect: 'unknown',
      retryable: true,
    });
  });

  it('leaves the doubt to the caller when the look fails too', async () => {
    await using server = await aServer(lost, boom, boom, boom);
    const work = gatewayTo(server).createPullRequest(WANTED);
    await expect(work).rejects.toMatchObject({ operation: 'createPullRequest', effect: 'unknown' });
  });

  it('does not look after a clear refusal', async () => {
    await using server = await aServer({ status: 403, json: { message: 'Not accessible' } });
    const work = gatewayTo(server).createPullRequest(WANTED);
    await expect(work).rejects.toMatchObject({ status: 403, effect: 'none', retryable: false });
    expect(server.asked).toEqual([CREATE]);
  });
});
