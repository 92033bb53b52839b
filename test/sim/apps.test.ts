import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/core';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { GitHub, type Json } from './support/github.ts';

describe('an App', () => {
  let github: GitHub;
  beforeEach(async () => {
    github = await GitHub.start();
    await github.repository();
  });
  afterEach(() => github[Symbol.asyncDispose]());

  const install = (slug: string, more: object = {}): Promise<Json> => {
    const hook = { hook_url: github.hookUrl, hook_secret: 'sesame' };
    return github.control('POST', '/_sim/apps', { slug, events: ['issues'], ...hook, ...more });
  };
  const octokitOf = (app: Json, installationId?: number): Octokit => {
    const request = new Octokit({ baseUrl: github.url }).request;
    const which = installationId === undefined ? {} : { installationId };
    const auth = { appId: app.id, privateKey: app.private_key, ...which, request };
    return new Octokit({ baseUrl: github.url, authStrategy: createAppAuth, auth });
  };
  const names = (list: Json): string[] => list.map((one: Json) => one.full_name as string);
  const told = (app: Json): typeof github.webhooks =>
    github.webhooks.filter((one) => one.payload.installation.id === app.installation_id);

  it('hears of its installation and of the repositories that come and go', async () => {
    const first = await install('first');
    await install('second');
    await github.as('alice', 'POST /user/repos', { name: 'own' });
    await github.as('alice', 'DELETE /repos/alice/own');
    await github.idle();
    const [created, added, removed] = ['created', 'added', 'removed'].map((action) =>
      told(first).find((one) => one.payload.action === action),
    );
    expect(told(first)).toHaveLength(3);
    expect(created?.event).toBe('installation');
    expect(names(created?.payload.repositories)).toEqual(['acme/app']);
    expect(added?.event).toBe('installation_repositories');
    expect(names(added?.payload.repositories_added)).toEqual(['alice/own']);
    expect(names(removed?.payload.repositories_removed)).toEqual(['alice/own']);
  });

  it('sees and hears of the repositories it is installed on alone, as its owner chooses them', async () => {
    const { id } = await github.as('root', 'POST /orgs/acme/repos', { name: 'web' });
    const app = await install('picky', { account: 'acme', repositories: ['acme/app'] });
    const octokit = octokitOf(app, app.installation_id as number);
    const seen = async () => {
      const { data } = await octokit.request('GET /installation/repositories');
      return [data.repository_selection, ...data.repositories.map((one) => one.full_name)];
    };
    const write = (repo: string) =>
      octokit.request('POST /repos/{owner}/{repo}/labels', { owner: 'acme', repo, name: 'new' });
    const chosen = `/user/installations/${app.installation_id}/repositories`;
    expect(await seen()).toEqual(['selected', 'acme/app']);
    await expect(write('web')).rejects.toMatchObject({ status: 403 });
    await github.as('root', 'POST /repos/acme/web/issues', { title: 'Unheard' });
    await github.as('root', `PUT ${chosen}/${id}`);
    await github.as('root', 'POST /repos/acme/web/issues', { title: 'Heard' });
    await write('web');
    await github.as('root', `DELETE ${chosen}/${id}`);
    await github.idle();
    expect(await seen()).toEqual(['selected', 'acme/app']);
    expect(names((await github.as('root', `GET ${chosen}`)).repositories)).toEqual(['acme/app']);
    expect(told(app).map((one) => [one.event, one.payload.action])).toEqual([
      ['installation', 'created'],
      ['installation_repositories', 'added'],
      ['issues', 'opened'],
      ['installation_repositories', 'removed'],
    ]);
  });

  it('gets tokens for some of its repositories', async () => {
    await github.as('root', 'POST /orgs/acme/repos', { name: 'web', private: true });
    const app = await install('narrow');
    const ask = (repositories: string[]) =>
      octokitOf(app).request('POST /app/installations/{installation_id}/access_tokens', {
        installation_id: app.installation_id as number,
        repositories,
      });
    const { data } = await ask(['app']);
    const octokit = new Octokit({ baseUrl: github.url, auth: data.token });
    await octokit.request('GET /repos/acme/app');
    await expect(octokit.request('GET /repos/acme/web')).rejects.toMatchObject({ status: 404 });
    await expect(ask(['app', 'none'])).rejects.toMatchObject({ status: 422 });
  });

  it('lists its deliveries and has one sent again, as an organisation does', async () => {
    const app = await install('again');
    const octokit = octokitOf(app);
    const hook = await github.as('root', 'POST /orgs/acme/hooks', {
      name: 'web',
      config: { url: `${github.hookUrl}org`, content_type: 'json' },
      events: ['issues'],
    });
    await github.as('root', 'POST /repos/acme/app/issues', { title: 'Told twice' });
    await github.idle();
    const { data } = await octokit.request('GET /app/hook/deliveries');
    const delivery = data.find((one) => one.event === 'issues');
    await octokit.request('POST /app/hook/deliveries/{delivery_id}/attempts', {
      delivery_id: Number(delivery?.id),
    });
    const H = `/orgs/acme/hooks/${hook.id}/deliveries`;
    const [last] = await github.as('root', `GET ${H}`);
    await github.as('root', `POST ${H}/${last.id}/attempts`);
    await github.idle();
    const guids = github.webhooks.filter((one) => one.event === 'issues').map((one) => one.guid);
    expect(guids).toHaveLength(4);
    expect(new Set(guids).size).toBe(2);
    const again = await github.as('root', `GET ${H}`);
    expect(again[0]).toMatchObject({ guid: last.guid, redelivery: true });
  });

  it('is refused and hears of nothing while its installation is suspended, and goes on afterwards', async () => {
    const app = await install('paused');
    const id = app.installation_id as number;
    const asApp = octokitOf(app);
    const installed = octokitOf(app, id);
    const read = () =>
      installed.request('GET /repos/{owner}/{repo}', { owner: 'acme', repo: 'app' });
    const suspended = '/app/installations/{installation_id}/suspended';
    const issue = (title: string) => github.as('root', 'POST /repos/acme/app/issues', { title });
    await read();
    const { token } = (await installed.auth({ type: 'installation' })) as { token: string };

    await asApp.request(`PUT ${suspended}`, { installation_id: id });
    await issue('Not heard');
    await expect(read()).rejects.toMatchObject({ status: 403 });
    await expect(octokitOf(app, id).request('GET /rate_limit')).rejects.toMatchObject({
      status: 403,
    });
    const header = `http.extraHeader=Authorization: Basic ${btoa(`x:${token}`)}`;
    const list = github.git('.', '-c', header, 'ls-remote', `${github.url}/acme/app.git`);
    await expect(list).rejects.toThrow('403');
    const at = { installation_id: id };
    const { data } = await asApp.request('GET /app/installations/{installation_id}', at);
    expect(data.suspended_by?.login).toBe('paused[bot]');

    await asApp.request(`DELETE ${suspended}`, { installation_id: id });
    await issue('Heard');
    await read();
    await github.idle();
    const heard = told(app).map((one) => [one.payload.action, one.payload.issue?.title]);
    expect(heard).toEqual([
      ['created', undefined],
      ['suspend', undefined],
      ['unsuspend', undefined],
      ['opened', 'Heard'],
    ]);
  });

  it('cannot use the token of an installation that is gone', async () => {
    const app = await install('gone');
    const at = { installation_id: app.installation_id as number };
    const { data } = await octokitOf(app).request(
      'POST /app/installations/{installation_id}/access_tokens',
      at,
    );
    await octokitOf(app).request('DELETE /app/installations/{installation_id}', at);
    const octokit = new Octokit({ baseUrl: github.url, auth: data.token });
    await expect(octokit.request('GET /rate_limit')).rejects.toMatchObject({ status: 401 });
  });
});
