import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { GitHub } from './support/github.ts';

const R = '/repos/acme/app';

describe('the control interface', () => {
  let github: GitHub;
  let sha: string;
  beforeEach(async () => {
    github = await GitHub.start();
    sha = await github.repository();
  });
  afterEach(() => github[Symbol.asyncDispose]());

  const comment = (body: string) =>
    github.call('alice', `POST ${R}/issues/1/comments`, { body: { body } });
  const bodies = async () =>
    ((await github.as('root', `GET ${R}/issues/1/comments`)) as { body: string }[]).map(
      (one) => one.body,
    );

  it('fails a call before or after its effect', async () => {
    await github.as('alice', `POST ${R}/issues`, { title: 'One' });
    const match = { method: 'POST', path: '/comments$', actor: 'alice' };
    await github.control('POST', '/_sim/faults', {
      match,
      effect: { status: 502, body: { message: 'Bad gateway' } },
    });
    await github.control('POST', '/_sim/faults', {
      match,
      effect: { status: 500, body: { message: 'Oops' }, after_effect: true },
    });
    expect((await comment('lost')).status).toBe(502);
    expect((await comment('kept')).status).toBe(500);
    expect((await comment('plain')).status).toBe(201);
    expect(await bodies()).toEqual(['kept', 'plain']);
  });

  it('cuts connections, and fails pushes after they were carried out', async () => {
    await github.control('POST', '/_sim/faults', {
      match: { operation: 'users/get-authenticated' },
      effect: { reset: true },
    });
    await expect(github.call('alice', 'GET /user')).rejects.toThrow();
    const next = await github.commit('app', {}, 'Next');
    await github.control('POST', '/_sim/faults', {
      match: { operation: 'git-receive-pack', method: 'POST' },
      effect: { status: 503, after_effect: true },
    });
    await expect(github.git('app', 'push', github.remote('acme/app'), 'master')).rejects.toThrow(
      '503',
    );
    const head = await github.git(
      'app',
      'ls-remote',
      github.remote('acme/app'),
      'refs/heads/master',
    );
    expect(head.slice(0, 40)).toBe(next);
  });

  it('holds, releases, drops and repeats webhooks', async () => {
    await github.hook();
    await github.idle();
    const arrived = () =>
      github.webhooks
        .filter((one) => one.event === 'issues')
        .map((one) => one.payload.issue.title as string);
    const open = async (title: string) => {
      await github.as('alice', `POST ${R}/issues`, { title });
      await github.idle();
    };
    await github.control('PUT', '/_sim/webhooks', { mode: 'hold' });
    await open('held');
    expect(arrived()).toEqual([]);
    await github.control('PUT', '/_sim/webhooks', { mode: 'drop' });
    await open('dropped');
    await github.control('PUT', '/_sim/webhooks', { mode: 'duplicate' });
    await open('twice');
    await github.control('POST', '/_sim/webhooks/release');
    await github.idle();
    expect(arrived()).toEqual(['twice', 'twice', 'held']);
  });

  it('shuffles webhooks the same way for the same seed and otherwise for another', async () => {
    await github.hook();
    const labels = ['1', '2', '3', '4', '5', '6', '7', '8'];
    for (const name of labels) await github.as('root', `POST ${R}/labels`, { name });
    const orderFor = async (seed: number): Promise<string[]> => {
      const { number } = await github.as('alice', `POST ${R}/issues`, { title: 'Shuffled' });
      await github.idle();
      await github.control('PUT', '/_sim/webhooks', { mode: 'shuffle', seed });
      await github.as('root', `POST ${R}/issues/${number}/labels`, { labels });
      await github.idle();
      await github.control('PUT', '/_sim/webhooks', { mode: 'deliver' });
      return github.webhooks
        .filter((one) => one.payload.action === 'labeled' && one.payload.issue.number === number)
        .map((one) => one.payload.label.name as string);
    };
    const first = await orderFor(7);
    expect([...first].sort()).toEqual(labels);
    expect(first).not.toEqual(labels);
    expect(await orderFor(7)).toEqual(first);
    expect(await orderFor(8)).not.toEqual(first);
  });

  it('signs webhooks so that the receiver can tell', async () => {
    await github.hook('app', 'sesame');
    await github.idle();
    const [ping] = github.webhooks;
    const expected = createHmac('sha256', 'sesame')
      .update(ping?.raw ?? '')
      .digest('hex');
    expect(ping?.signature).toBe(`sha256=${expected}`);
  });

  it('answers reads with the past while it lags', async () => {
    await github.control('PUT', '/_sim/lag', { read_ms: 60_000 });
    await github.as('alice', `POST ${R}/issues`, { title: 'Unseen' });
    expect(await github.as('root', `GET ${R}/issues`)).toEqual([]);
    await github.control('PUT', '/_sim/lag', { read_ms: 0 });
    expect(await github.as('root', `GET ${R}/issues`)).toHaveLength(1);
  });

  it('plays the CI by the first rule of each context', async () => {
    await github.control('PUT', '/_sim/ci', {
      rules: [
        { branch: '^staging', context: 'ci/test', result: 'failure', after_ms: 0 },
        { context: 'ci/test', result: 'success', after_ms: 0 },
        { context: 'lint', result: 'success', after_ms: 0, kind: 'check_run' },
      ],
    });
    const good = await github.commit('app', {}, 'Good');
    await github.git('app', 'push', '-q', github.remote('acme/app'), 'master');
    const bad = await github.commit('app', {}, 'Bad');
    await github.git('app', 'push', '-q', github.remote('acme/app'), 'HEAD:staging.master');
    await github.idle();
    const state = async (one: string) =>
      (await github.as('root', `GET ${R}/commits/${one}/status`)).state as string;
    expect([await state(good), await state(bad), await state(sha)]).toEqual([
      'success',
      'failure',
      'pending',
    ]);
    expect((await github.as('root', `GET ${R}/commits/${bad}/check-runs`)).total_count).toBe(1);
  });

  it('shows the rules of the CI where the links of its answers lead', async () => {
    const rules = [{ context: 'ci/test', result: 'failure', after_ms: 0, kind: 'status' }];
    await github.control('PUT', '/_sim/ci', { rules: [{ context: 'ci/test', result: 'failure' }] });
    const bad = await github.commit('app', {}, 'Bad');
    await github.git('app', 'push', '-q', github.remote('acme/app'), 'HEAD:shown');
    await github.idle();
    const { statuses } = await github.as('root', `GET ${R}/commits/${bad}/status`);
    const answer = await fetch((statuses as { target_url: string }[])[0]?.target_url ?? '');
    expect([answer.status, await answer.json()]).toEqual([200, expect.objectContaining({ rules })]);
  });

  it('logs calls with their operation and who made them', async () => {
    await github.control('DELETE', '/_sim/requests');
    await github.as('alice', `GET ${R}/pulls`);
    await github.query('bob', 'query Who { viewer { login } }');
    const log = (await github.control('GET', '/_sim/requests')) as {
      operation: string;
      actor: string;
      status: number;
    }[];
    expect(log.map((one) => [one.operation, one.actor, one.status])).toEqual([
      ['pulls/list', 'alice', 200],
      ['Who', 'bob', 200],
    ]);
  });

  it('starts over when reset', async () => {
    await github.control('POST', '/_sim/reset');
    await github.control('POST', '/_sim/users', { login: 'root', token: 'tok-root' });
    expect(await github.as('root', 'GET /user/repos')).toEqual([]);
  });
});
