import { describe, expect, it } from '@jest/globals';
import { aServer, gatewayTo } from './scripted-server.ts';

const REPOSITORY = { id: 77, full_name: 'acme/app', default_branch: 'master', private: true };

describe('a repository', () => {
  it('says what it is and what the account may do there', async () => {
    await using server = await aServer({
      json: { ...REPOSITORY, permissions: { push: true, admin: false, triage: true } },
    });
    expect(await gatewayTo(server).repository('acme/app')).toEqual({
      kind: 'repository',
      id: 77,
      name: 'acme/app',
      defaultBranch: 'master',
      private: true,
      archived: false,
      rights: { push: true, admin: false },
    });
  });

  it.each([404, 410])('is missing after %i', async (status) => {
    await using server = await aServer({ status, json: { message: 'Not Found' } });
    expect(await gatewayTo(server).repository('acme/app')).toEqual({ kind: 'missing' });
  });

  it('that was renamed tells its new name, found by id (F-064)', async () => {
    await using server = await aServer({ status: 301, json: {} }, { json: REPOSITORY });
    expect(await gatewayTo(server).repository('old/name')).toEqual({ kind: 'missing' });

    await using moved = await aServer(
      { status: 301, json: {}, headers: { location: 'http://169.254.169.254/repositories/77' } },
      { json: REPOSITORY },
    );
    const answer = await gatewayTo(moved).repository('old/name');
    expect(answer).toEqual({ kind: 'moved', id: 77, name: 'acme/app' });
    expect(moved.asked).toEqual(['GET /repos/old/name', 'GET /repositories/77']);
  });
});

describe('the rights of a person', () => {
  it.each([
    ['admin', { permission: 'admin', role_name: 'admin', user: { id: 7 } }, 'admin', 7],
    ['write', { permission: 'write', role_name: 'maintain', user: { id: 7 } }, 'write', 7],
    ['a word nobody knows', { permission: 'emperor', user: { id: 7 } }, 'none', 7],
    ['those of nobody', { permission: 'read', user: null }, 'read', null],
    ['nothing', {}, 'none', null],
  ])('given as %s are %s', async (_what, json, permission, userId) => {
    await using server = await aServer({ json });
    const answer = await gatewayTo(server).permission('acme/app', 'alice');
    expect(answer).toEqual({ permission, userId });
  });

  it('are none for a stranger, and an error when they cannot be read', async () => {
    await using server = await aServer(
      { status: 404, json: { message: 'alice is not a user' } },
      { status: 403, json: { message: 'Must have push access' } },
    );
    const gateway = gatewayTo(server);
    const none = { permission: 'none', userId: null };
    expect(await gateway.permission('acme/app', 'alice')).toEqual(none);
    await expect(gateway.permission('acme/app', 'alice')).rejects.toMatchObject({ status: 403 });
  });
});

describe('the webhooks of a repository', () => {
  it.each([403, 404])('are missing for an account that may not see them (%i)', async (status) => {
    await using server = await aServer({ status, json: { message: 'No' } });
    expect(await gatewayTo(server).hooks('acme/app')).toEqual({ kind: 'missing' });
  });

  it('are not missing because of a limit', async () => {
    await using server = await aServer({ status: 403, json: {}, headers: { 'retry-after': '9' } });
    await expect(gatewayTo(server).hooks('acme/app')).rejects.toMatchObject({ retryAfterMs: 9000 });
  });
});

describe('the account', () => {
  it('without a public address uses the one GitHub keeps for it', async () => {
    await using server = await aServer({ json: { id: 5, login: 'bot', name: null, email: null } });
    expect(await gatewayTo(server).viewer()).toEqual({
      id: 5,
      login: 'bot',
      name: 'bot',
      email: '5+bot@users.noreply.github.com',
    });
    expect(server.seen[0]?.headers.authorization).toBe('token tok');
  });
});
