import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Octokit } from '@octokit/rest';
import { createNodeMiddleware, Webhooks } from '@octokit/webhooks';
import { createPullRequest, DELETE_FILE } from 'octokit-plugin-create-pull-request';
import { describe, expect, it } from '@jest/globals';
import { GitHub } from './support/github.ts';

const APP = { owner: 'acme', repo: 'app' };

const silent = () => undefined;
const QUIET = { debug: silent, info: silent, warn: silent, error: silent };

/** GitHub's own client, as somebody. */
function octokitOf(github: GitHub, login: string): Octokit {
  return new Octokit({ baseUrl: github.url, auth: `tok-${login}`, log: QUIET });
}

/** A commit on a new branch, made of git objects through the API alone. */
async function branchByApi(octokit: Octokit, name: string): Promise<string> {
  const { git } = octokit.rest;
  const start = (await git.getRef({ ...APP, ref: 'heads/master' })).data.object.sha;
  const under = (await git.getCommit({ ...APP, commit_sha: start })).data.tree.sha;
  const content = Buffer.from(`${name}\n`).toString('base64');
  const blob = await git.createBlob({ ...APP, content, encoding: 'base64' });
  const entry = { path: `${name}.txt`, mode: '100644', type: 'blob', sha: blob.data.sha } as const;
  const tree = (await git.createTree({ ...APP, base_tree: under, tree: [entry] })).data.sha;
  const made = { ...APP, message: `Add ${name}`, tree, parents: [start] };
  const { sha } = (await git.createCommit(made)).data;
  await git.createRef({ ...APP, ref: `refs/heads/${name}`, sha });
  return sha;
}

describe('the client @octokit/rest', () => {
  it('takes a change from git objects through review to the branch', async () => {
    await using github = await GitHub.start();
    await github.repository();
    await github.as('root', 'PUT /repos/acme/app/collaborators/bob', { permission: 'push' });
    const { rest, paginate } = octokitOf(github, 'root');
    const bob = octokitOf(github, 'bob').rest;
    const octokit = octokitOf(github, 'root');
    const shas: string[] = [];
    for (const head of ['one', 'two', 'three']) {
      shas.push(await branchByApi(octokit, head));
      await rest.pulls.create({ ...APP, title: `Add ${head}`, head, base: 'master' });
    }
    const pulls = await paginate(rest.pulls.list, { ...APP, per_page: 2, direction: 'asc' });
    expect(pulls.map((one) => [one.title, one.head.sha])).toEqual([
      ['Add one', shas[0]],
      ['Add two', shas[1]],
      ['Add three', shas[2]],
    ]);
    const first = { ...APP, pull_number: 1 };
    await bob.pulls.createReview({ ...first, event: 'APPROVE', body: 'Good' });
    await bob.issues.createComment({ ...APP, issue_number: 1, body: 'Take it' });
    expect((await rest.pulls.listReviews(first)).data.map((one) => one.state)).toEqual([
      'APPROVED',
    ]);
    const { data } = await rest.pulls.merge({
      ...first,
      merge_method: 'squash',
      sha: shas[0] ?? '',
    });
    expect(data.merged).toBe(true);
    await github.git('app', 'pull', '-q', github.remote('acme/app'), 'master');
    expect(await github.git('app', 'log', '-1', '--format=%s')).toBe('Add one (#1)');
    await expect(rest.pulls.merge(first)).rejects.toMatchObject({ status: 405 });
  });
});

/** A server for as long as a test looks at it. */
async function listening(handle: RequestListener) {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('the receiver @octokit/webhooks', () => {
  it('believes what is signed with its secret, and nothing else', async () => {
    const webhooks = new Webhooks({
      secret: 'sesame',
      log: QUIET,
    });
    const heard: string[] = [];
    webhooks.on('issues.opened', ({ payload }) => void heard.push(payload.issue.title));
    webhooks.on(
      'ping',
      ({ payload }) => void heard.push(`ping of ${payload.repository?.name ?? ''}`),
    );
    await using receiver = await listening(
      (request, response) =>
        void createNodeMiddleware(webhooks, { path: '/', log: QUIET })(request, response),
    );
    await using github = await GitHub.start();
    await github.repository();
    const hook = { name: 'web', events: ['issues'] };
    const add = (secret: string, content_type: string, url: string) =>
      github.as('root', 'POST /repos/acme/app/hooks', {
        ...hook,
        config: { url, secret, content_type },
      });
    await add('sesame', 'json', receiver.url);
    const liar = await add('open', 'json', `${receiver.url}/`);
    await github.as('root', 'POST /repos/acme/app/issues', { title: 'Broken' });
    await github.idle();
    expect(heard).toEqual(['ping of app', 'Broken']);
    const refused = await github.as('root', `GET /repos/acme/app/hooks/${liar.id}/deliveries`);
    expect(refused.map((one: { status_code: number }) => one.status_code)).toEqual([400, 400]);
  });
});

describe('the plugin octokit-plugin-create-pull-request', () => {
  it('forks, commits and opens a pull request for somebody who may not push', async () => {
    await using github = await GitHub.start();
    await github.repository();
    const Alice = Octokit.plugin(createPullRequest);
    const alice = new Alice({ baseUrl: github.url, auth: 'tok-alice' });
    const wanted = (text: string) => ({
      ...APP,
      title: 'Say hello',
      body: 'By a tool',
      head: 'hello',
      changes: [{ files: { 'hello.txt': text, 'a.txt': DELETE_FILE }, commit: `Say ${text}` }],
      update: true,
    });
    const made = await alice.createPullRequest(wanted('hello'));
    expect(made?.data).toMatchObject({ number: 1, head: { label: 'alice:hello' }, commits: 1 });
    const again = await alice.createPullRequest(wanted('hello again'));
    expect(again?.data.number).toBe(1);
    await github.git('app', 'fetch', '-q', github.remote('acme/app'), 'refs/pull/1/head');
    expect(await github.git('app', 'diff', '--name-status', 'master', 'FETCH_HEAD')).toBe(
      'D\ta.txt\nA\thello.txt',
    );
    expect(await github.git('app', 'show', 'FETCH_HEAD:hello.txt')).toBe('hello again');
  });
});
