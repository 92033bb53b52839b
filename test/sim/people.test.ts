import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/core';
import { graphql } from '@octokit/graphql';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { GitHub } from './support/github.ts';

describe('pages, sign-in and other tools', () => {
  let github: GitHub;
  beforeEach(async () => {
    github = await GitHub.start();
    await github.repository();
    await github.pull('app', 'topic', { 'a.txt': '<b>\n' });
  });
  afterEach(() => github[Symbol.asyncDispose]());

  const get = async (path: string) => (await fetch(github.url + path)).text();
  const post = (path: string, form: Record<string, string>) =>
    fetch(github.url + path, {
      method: 'POST',
      body: new URLSearchParams(form),
      redirect: 'manual',
    });

  it('lets a person comment, approve and merge in a browser', async () => {
    const commented = await post('/acme/app/pull/1', {
      as: 'bob',
      does: 'comment',
      body: '@bot r+ <script>',
    });
    expect(commented.status).toBe(303);
    await post('/acme/app/pull/1', { as: 'bob', does: 'approve', body: '' });
    const page = await get('/acme/app/pull/1');
    expect(page).toContain('@bot r+ &lt;script&gt;');
    expect(page).toContain('approved');
    expect((await post('/acme/app/pull/1', { as: 'bob', does: 'merge' })).status).toBe(403);
    await post('/acme/app/pull/1', { as: 'root', does: 'merge' });
    expect(await get('/acme/app/pull/1')).toContain('merged');
  });

  it('lets a person push a file edit and see it in the graph', async () => {
    await post('/acme/app/edit', {
      as: 'root',
      branch: 'master',
      to: 'by-hand',
      path: 'x.txt',
      message: 'Edit by hand',
      content: '1',
    });
    expect(await get('/acme/app/commits/by-hand')).toContain('Edit by hand');
    const opened = await post('/acme/app/pulls', {
      as: 'root',
      head: 'by-hand',
      base: 'master',
      title: 'Take it',
      body: '',
    });
    expect(opened.headers.get('location')).toBe('/acme/app/pull/2');
    expect(await get('/acme/app')).toContain('Take it');
    expect(await get('/')).toContain('acme/app');
  });

  it('signs people in by OAuth', async () => {
    const app = await github.control('POST', '/_sim/apps', { slug: 'web' });
    const at = `/login/oauth/authorize?client_id=${app.client_id}&redirect_uri=${encodeURIComponent('http://bot.test/back')}&state=s1`;
    expect(await get(at)).toContain('<option>bob</option>');
    const back = new URL((await post(at, { as: 'bob' })).headers.get('location') ?? '');
    expect(back.searchParams.get('state')).toBe('s1');
    const redeem = async () => {
      const body = JSON.stringify({
        client_id: app.client_id,
        client_secret: app.client_secret,
        code: back.searchParams.get('code'),
      });
      const headers = { accept: 'application/json', 'content-type': 'application/json' };
      const answer = await fetch(`${github.url}/login/oauth/access_token`, {
        method: 'POST',
        headers,
        body,
      });
      return (await answer.json()) as { access_token?: string; error?: string };
    };
    const { access_token } = await redeem();
    const me = await fetch(`${github.url}/user`, {
      headers: { authorization: `Bearer ${access_token ?? ''}` },
    });
    expect(((await me.json()) as { login: string }).login).toBe('bob');
    expect((await redeem()).error).toBe('bad_verification_code');
  });

  it('gives an App its installation token', async () => {
    const app = await github.control('POST', '/_sim/apps', {
      slug: 'helper',
      permissions: { contents: 'write' },
    });
    const baseUrl = github.url;
    const octokit = new Octokit({
      baseUrl,
      authStrategy: createAppAuth,
      auth: {
        appId: app.id,
        privateKey: app.private_key,
        installationId: app.installation_id,
        request: new Octokit({ baseUrl }).request,
      },
    });
    const { data } = await octokit.request(
      'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
      { owner: 'acme', repo: 'app', issue_number: 1, body: 'By an App' },
    );
    expect(data.user?.login).toBe('helper[bot]');
  });

  it('serves the GraphQL client of GitHub at the path of an Enterprise Server', async () => {
    const client = graphql.defaults({
      baseUrl: `${github.url}/api`,
      headers: { authorization: 'token tok-alice' },
    });
    expect(await client('{ viewer { login } }')).toEqual({ viewer: { login: 'alice' } });
  });

  it('answers errors as GitHub does', async () => {
    const status = async (who: string | null, what: string, body?: unknown) =>
      (await github.call(who, what, { body })).status;
    expect(await status('nobody', 'GET /user')).toBe(401);
    expect(await status(null, 'GET /user')).toBe(401);
    expect(await status('alice', 'GET /repos/acme/none')).toBe(404);
    expect(await status('alice', 'GET /repos/acme/app/hooks')).toBe(404);
    expect(await status('alice', 'PATCH /repos/acme/app', { description: 'mine' })).toBe(403);
    expect(await status('root', 'POST /repos/acme/app/issues', {})).toBe(422);
    expect(
      await status('root', 'POST /repos/acme/app/issues/1/comments', { body: 'x'.repeat(65_537) }),
    ).toBe(422);
  });

  it('remembers ETags and old names', async () => {
    const first = await github.call('alice', 'GET /repos/acme/app');
    const headers = { 'if-none-match': first.headers.get('etag') ?? '' };
    const left = (await github.call('alice', 'GET /rate_limit')).headers.get(
      'x-ratelimit-remaining',
    );
    const second = await github.call('alice', 'GET /repos/acme/app', { headers });
    expect([second.status, second.headers.get('x-ratelimit-remaining')]).toEqual([304, left]);
    await github.as('root', 'PATCH /repos/acme/app', { name: 'renamed' });
    const moved = await github.call('alice', 'GET /repos/acme/app/pulls');
    expect(moved.status).toBe(301);
    const followed = await fetch(moved.headers.get('location') ?? '');
    expect(await followed.json()).toHaveLength(1);
  });

  it('refuses calls over a limit that is switched on', async () => {
    await github.control('PUT', '/_sim/limits', { secondary: 1 });
    const comment = () =>
      github.call('bob', 'POST /repos/acme/app/issues/1/comments', { body: { body: 'x' } });
    expect((await comment()).status).toBe(201);
    const over = await comment();
    expect([over.status, Number(over.headers.get('retry-after')) > 0]).toEqual([403, true]);
  });
});
