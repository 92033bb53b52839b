import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { GitHub } from '../../src/github/gateway.ts';
import { GatewayWorld, REPO, tokenOf } from './gateway-world.ts';

let world: GatewayWorld;
let github: GitHub;

beforeAll(async () => {
  world = await GatewayWorld.start();
  github = world.gateway();
});

beforeEach(async () => {
  await world.control('DELETE', '/faults');
});

afterAll(() => world.close());

describe('the gateway', () => {
  it('knows itself, the repository and who may do what', async () => {
    expect(await github.viewer()).toMatchObject({ login: 'stagecoach', name: expect.any(String) });
    expect(await github.repository(REPO)).toMatchObject({ kind: 'repository', name: REPO });
    expect(await github.repository('acme/none')).toEqual({ kind: 'missing' });
    expect(await github.permission(REPO, 'alice')).toMatchObject({ permission: 'write' });
    expect(await github.permission(REPO, 'nobody-here')).toMatchObject({ permission: 'none' });
    expect((await github.rateLimit()).core.remaining).toBeGreaterThan(0);
    expect(await github.gitToken()).toBe('tok-stagecoach');
  });

  it('sees branches, and hooks with an admin token', async () => {
    const sha = await world.git('rev-parse', 'master');
    expect(await github.branch(REPO, '18.0')).toEqual({ kind: 'branch', sha, protected: false });
    expect(await github.branch(REPO, 'none/such')).toEqual({ kind: 'missing' });
    const config = { url: 'http://127.0.0.1:9/hook', content_type: 'json' };
    await world.api('root', 'POST', `/repos/${REPO}/hooks`, {
      name: 'web',
      events: ['push'],
      config,
    });
    expect(await github.hooks(REPO)).toMatchObject([
      { active: true, events: ['push'], url: config.url, contentType: 'json' },
    ]);
    await world.control('PUT', '/webhooks', { mode: 'drop' });
  });

  it('reads a pull request, by query and in the list alike', async () => {
    const { number, branch, sha } = await world.aPull();
    const pull = await github.pullRequest(REPO, number);
    expect(pull).toMatchObject({
      kind: 'pull_request',
      number,
      body: 'why',
      state: 'open',
      draft: false,
      head: { sha, branch, label: `acme:${branch}`, repository: REPO },
      base: { branch: 'master' },
      author: { login: 'alice', type: 'User' },
      commitCount: 1,
    });
    const [found] = await github.findPullRequests(REPO, { head: `acme:${branch}`, state: 'all' });
    expect(pull).toMatchObject({ ...found, commitCount: 1 });
    expect(await github.pullRequest(REPO, 9999)).toEqual({ kind: 'missing' });
  });

  it('finds pull requests by head, base, state and time', async () => {
    const { number, branch } = await world.aPull();
    const numbers = async (...[filter]: [Parameters<GitHub['findPullRequests']>[1]]) =>
      (await github.findPullRequests(REPO, filter)).map((pull) => pull.number);
    expect(await numbers({ head: `acme:${branch}`, base: 'master', state: 'open' })).toEqual([
      number,
    ]);
    expect(await numbers({ head: `acme:${branch}`, base: '18.0', state: 'all' })).toEqual([]);
    expect(await numbers({ head: `acme:${branch}`, state: 'closed' })).toEqual([]);
    expect(await numbers({ state: 'all', updatedSince: new Date(2090, 0) })).toEqual([]);
  });

  it('comments, and reads the conversation back in order, over several pages', async () => {
    const { number } = await world.aPull();
    const first = await github.comment(REPO, number, 'one <!-- stagecoach:a -->');
    for (let n = 0; n < 104; n++)
      await world.api('alice', 'POST', `/repos/${REPO}/issues/${number}/comments`, {
        body: `${n}`,
      });
    const comments = await github.pullRequestComments(REPO, number);
    expect(comments).toHaveLength(105);
    expect(comments[0]).toEqual(first);
    expect(comments[104]).toMatchObject({ body: '103', author: { login: 'alice' } });
    expect(await github.commentsSince(REPO, number, first.createdAt)).toHaveLength(105);
    expect(await github.commentsSince(REPO, number, new Date(2090, 0))).toEqual([]);
  });

  it('finds the comment whose answer was lost (P2)', async () => {
    const { number } = await world.aPull();
    await world.loseAnswer('POST', '/comments$');
    const work = github.comment(REPO, number, 'hello <!-- stagecoach:k -->');
    await expect(work).rejects.toMatchObject({ effect: 'unknown', retryable: true });
    const bodies = (await github.pullRequestComments(REPO, number)).map(({ body }) => body);
    expect(bodies).toEqual(['hello <!-- stagecoach:k -->']);
  });

  it('reads reviews, and reacts to comments and to the pull request', async () => {
    const { number, sha } = await world.aPull();
    const review = { event: 'APPROVE', body: 'fine', commit_id: sha };
    await world.api('root', 'POST', `/repos/${REPO}/pulls/${number}/reviews`, review);
    const [read] = await github.pullRequestReviews(REPO, number);
    expect(read).toMatchObject({ state: 'approved', body: 'fine', sha, author: { login: 'root' } });
    const { id } = await github.comment(REPO, number, 'x');
    const done = { kind: 'done' };
    expect(await github.react(REPO, { kind: 'comment', id }, '+1')).toEqual(done);
    expect(await github.react(REPO, { kind: 'comment', id: String(id) }, '+1')).toEqual(done);
    expect(await github.react(REPO, { kind: 'pull_request', number }, 'eyes')).toEqual(done);
    expect(await github.react(REPO, { kind: 'comment', id: 999_999 }, '+1')).toEqual({
      kind: 'missing',
    });
  });

  it('opens a pull request once, and finds it again', async () => {
    const { branch } = await world.aBranch();
    const wanted = {
      repo: REPO,
      title: 'Port',
      body: 'b',
      head: `acme:${branch}`,
      base: '18.0',
    };
    await world.loseAnswer('POST', '/pulls$');
    const first = await github.createPullRequest(wanted);
    expect(first).toMatchObject({ kind: 'exists', state: 'open', title: 'Port' });
    expect(await github.createPullRequest(wanted)).toMatchObject({ ...first, kind: 'exists' });
    expect(await github.createPullRequest({ ...wanted, head: 'acme:nowhere' })).toMatchObject({
      kind: 'refused',
    });
  });

  it('closes, reopens and retargets', async () => {
    const { number } = await world.aPull();
    const done = { kind: 'done' };
    expect(await github.retarget(REPO, number, '18.0')).toEqual(done);
    expect(await github.retarget(REPO, number, 'nowhere')).toMatchObject({ kind: 'refused' });
    expect(await github.closePullRequest(REPO, number)).toEqual(done);
    expect(await github.closePullRequest(REPO, number)).toEqual(done);
    const closed = { state: 'closed', base: { branch: '18.0' } };
    expect(await github.pullRequest(REPO, number)).toMatchObject(closed);
    expect(await github.reopenPullRequest(REPO, number)).toEqual(done);
    expect(await github.pullRequest(REPO, number)).toMatchObject({ state: 'open' });
    expect(await github.closePullRequest(REPO, 9999)).toEqual({ kind: 'missing' });
  });

  it('puts labels on and takes them off', async () => {
    const { number } = await world.aPull();
    const done = { kind: 'done' };
    expect(await github.addLabels(REPO, number, ['conflict', 'a/b c?'])).toEqual(done);
    expect(await github.addLabels(REPO, number, [])).toEqual(done);
    expect(await github.removeLabel(REPO, number, 'conflict')).toEqual(done);
    expect(await github.removeLabel(REPO, number, 'conflict')).toEqual({ kind: 'missing' });
    expect(await github.pullRequest(REPO, number)).toMatchObject({ labels: ['a/b c?'] });
  });

  it('closes the issues a pull request is linked to', async () => {
    const issue = await world.api('alice', 'POST', `/repos/${REPO}/issues`, { title: 'Broken' });
    const { number } = await world.aPull();
    const body = { body: `fixes #${String(issue['number'])}` };
    await world.api('alice', 'PATCH', `/repos/${REPO}/pulls/${number}`, body);
    expect(await github.closingIssues(REPO, number)).toEqual([issue['number']]);
    expect(await github.closeIssue(REPO, issue['number'] as number)).toEqual({ kind: 'done' });
    expect(await github.closingIssues(REPO, number)).toEqual([]);
  });

  it('reads statuses and check runs, the newest of each context (R10)', async () => {
    const { sha } = await world.aPull();
    const say = (state: string): Promise<unknown> =>
      world.api('root', 'POST', `/repos/${REPO}/statuses/${sha}`, { state, context: 'ci/test' });
    await say('failure');
    await say('success');
    const check = { name: 'ci/lint', head_sha: sha, status: 'in_progress' };
    await world.api('root', 'POST', `/repos/${REPO}/check-runs`, check);
    const reports = await github.statuses(REPO, sha);
    expect(reports.map(({ context, kind, state }) => [context, kind, state]).sort()).toEqual([
      ['ci/lint', 'check_run', 'pending'],
      ['ci/test', 'status', 'success'],
    ]);
  });

  it('records a deployment, and finds it after a lost answer', async () => {
    const { sha } = await world.aPull();
    const wanted = { ref: sha, environment: 'merge', description: 'landed' };
    await world.loseAnswer('POST', '/deployments$');
    await expect(github.createDeployment(REPO, wanted)).rejects.toMatchObject({
      effect: 'unknown',
    });
    const [found] = await github.findDeployments(REPO, { sha, environment: 'merge' });
    const status = { state: 'success', url: 'https://github.test/c', description: 'ok' } as const;
    await github.createDeploymentStatus(REPO, found!.id, status);
    expect(await github.findDeployments(REPO, { sha, environment: 'other' })).toEqual([]);
  });

  it('works through the addresses of an enterprise server', async () => {
    const enterprise = world.gateway(tokenOf('stagecoach'), true);
    const { number } = await world.aPull();
    expect(await enterprise.pullRequest(REPO, number)).toMatchObject({ number });
    expect(await enterprise.repository(REPO)).toMatchObject({ name: REPO });
  });

  it('logs in as an App', async () => {
    const permissions = { contents: 'write', pull_requests: 'write', issues: 'write' };
    const app = await world.control('POST', '/apps', { slug: 'coach', permissions });
    const privateKey = (): Promise<string> => Promise.resolve(app['private_key'] as string);
    const id = app['id'] as number;
    const installed = world.gateway({
      app: { id, installationId: app['installation_id'] as number, privateKey },
    });
    expect(await installed.viewer()).toMatchObject({ login: 'coach[bot]' });
    const { number } = await world.aPull();
    expect((await installed.comment(REPO, number, 'hi')).author).toMatchObject({ type: 'Bot' });
    expect(await installed.gitToken()).not.toBe('');
  });

  it('is refused with a wrong token, for good', async () => {
    const stranger = world.gateway(tokenOf('nobody'));
    await expect(stranger.viewer()).rejects.toMatchObject({ status: 401, retryable: false });
    await expect(stranger.pullRequest(REPO, 1)).rejects.toMatchObject({ status: 401 });
  });
});
