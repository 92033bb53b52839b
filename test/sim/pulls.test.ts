import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { GitHub, type Json } from './support/github.ts';

const R = '/repos/acme/app';

describe('a pull request', () => {
  let github: GitHub;
  let pull: Json;
  beforeEach(async () => {
    github = await GitHub.start();
    await github.repository();
    await github.hook();
    pull = await github.pull('app', 'topic', { 'a.txt': 'a\nB\nc\n' });
  });
  afterEach(() => github[Symbol.asyncDispose]());

  const get = () => github.as('root', `GET ${R}/pulls/1`);
  /** GitHub answers `mergeable: null` until it has thought. */
  const thought = async (): Promise<Json> => {
    let found = await get();
    while (found.mergeable === null) found = await get();
    return found;
  };
  const push = (...refs: string[]) =>
    github.git('app', 'push', '-q', github.remote('acme/app'), ...refs);
  const told = async () => {
    await github.idle();
    return github.webhooks
      .filter((one) => one.event === 'pull_request')
      .map((one) => one.payload.action as string);
  };

  it('follows its branch', async () => {
    const sha = await github.commit('app', { 'b.txt': '1\n' }, 'More');
    await push('topic');
    expect(await get()).toMatchObject({
      head: { sha },
      commits: 2,
      changed_files: 2,
      additions: 2,
      deletions: 1,
    });
    expect(await told()).toEqual(['opened', 'synchronize']);
  });

  it('is merged when its head reaches the base by a push', async () => {
    await push('topic:master');
    expect(await get()).toMatchObject({
      state: 'closed',
      merged: true,
      merged_by: { login: 'root' },
      merge_commit_sha: pull.head.sha,
    });
  });

  it('is closed, not merged, when its branch is deleted', async () => {
    await push(':topic');
    expect(await get()).toMatchObject({ state: 'closed', merged: false });
    const again = await github.call('root', `PATCH ${R}/pulls/1`, { body: { state: 'open' } });
    expect(again.status).toBe(422);
  });

  it.each(['merge', 'squash', 'rebase'])('is merged by %s', async (merge_method) => {
    await github.git('app', 'checkout', '-q', 'master');
    await github.commit('app', { 'other.txt': '1\n' }, 'Meanwhile');
    await push('master');
    const { sha } = await github.as('root', `PUT ${R}/pulls/1/merge`, { merge_method });
    const { commit, parents, files } = await github.as('root', `GET ${R}/commits/${sha}`);
    expect(parents).toHaveLength(merge_method === 'merge' ? 2 : 1);
    expect(files.map((one: Json) => one.filename as string)).toEqual(['a.txt']);
    expect(commit.message).toContain(
      { merge: 'Merge pull request #1', squash: '(#1)', rebase: 'Change topic' }[merge_method],
    );
  });

  it('has a test merge once GitHub has thought about it', async () => {
    expect(pull).toMatchObject({ mergeable: null, mergeable_state: 'unknown' });
    expect(await thought()).toMatchObject({ mergeable: true, mergeable_state: 'clean' });
    const base = await github.git('app', 'rev-parse', 'master');
    const from = github.remote('acme/app');
    await github.git('app', 'fetch', '-q', from, 'refs/pull/1/merge');
    expect(await github.git('app', 'rev-parse', 'FETCH_HEAD^1', 'FETCH_HEAD^2')).toBe(
      `${base}\n${pull.head.sha as string}`,
    );
    for (const version of [0, 1, 2]) {
      const head = await github.commit('app', { 'b.txt': `${version}\n` }, `More ${version}`);
      await push('topic');
      const old = ['-c', `protocol.version=${version}`];
      await github.git('app', ...old, 'fetch', '-q', from, 'refs/pull/1/merge');
      expect(await github.git('app', 'rev-parse', 'FETCH_HEAD^2')).toBe(head);
      const merge = await github.git('app', 'rev-parse', 'FETCH_HEAD');
      expect(await thought()).toMatchObject({ merge_commit_sha: merge });
    }
  });

  it('is refused when it conflicts, is stale or exists', async () => {
    await github.git('app', 'checkout', '-q', 'master');
    await github.commit('app', { 'a.txt': 'a\nX\nc\n' }, 'Rival');
    await push('master');
    expect(await thought()).toMatchObject({ mergeable: false, mergeable_state: 'dirty' });
    const merge = (body: Json) => github.call('root', `PUT ${R}/pulls/1/merge`, { body });
    expect((await merge({})).status).toBe(405);
    expect((await merge({ sha: '0'.repeat(40) })).status).toBe(409);
    const twice = await github.call('root', `POST ${R}/pulls`, {
      body: { title: 'Again', head: 'topic', base: 'master' },
    });
    expect([twice.status, twice.body.errors[0].message]).toEqual([
      422,
      'A pull request already exists for acme:topic.',
    ]);
  });

  it('closes the issues it names when it lands on the default branch', async () => {
    const issue = await github.as('alice', `POST ${R}/issues`, { title: 'Bug' });
    await github.as('root', `PATCH ${R}/pulls/1`, { body: `Fixes #${issue.number}` });
    await github.as('root', `PUT ${R}/pulls/1/merge`, {});
    expect((await github.as('root', `GET ${R}/issues/${issue.number}`)).state).toBe('closed');
  });

  it('loses stale approvals where the branch says so', async () => {
    await github.as('root', `PUT ${R}/collaborators/bob`, { permission: 'push' });
    await github.as('root', `PUT ${R}/branches/master/protection`, {
      required_status_checks: null,
      enforce_admins: true,
      restrictions: null,
      required_pull_request_reviews: {
        dismiss_stale_reviews: true,
        required_approving_review_count: 1,
      },
    });
    await github.as('bob', `POST ${R}/pulls/1/reviews`, { event: 'APPROVE' });
    await github.commit('app', {}, 'After approval');
    await push('topic');
    const [review] = await github.as('root', `GET ${R}/pulls/1/reviews`);
    expect(review.state).toBe('DISMISSED');
    expect((await github.call('root', `PUT ${R}/pulls/1/merge`, { body: {} })).status).toBe(405);
  });

  it('loses no push, merge or comment when many come at once', async () => {
    const many = Array.from({ length: 8 }, (_, i) => i);
    await github.git('app', 'checkout', '-q', 'master');
    const tips = await Promise.all(
      many.map((i) =>
        github.as('root', `PUT ${R}/contents/file-${i}.txt`, {
          message: `Add ${i}`,
          content: 'MQ==',
        }),
      ),
    );
    await Promise.all(
      many.map((i) =>
        github.git('app', 'push', '-q', github.remote('acme/app'), `HEAD:refs/heads/b${i}`),
      ),
    );
    await Promise.all(
      many.map((i) => github.as('alice', `POST ${R}/issues/1/comments`, { body: `n${i}` })),
    );
    expect(tips).toHaveLength(8);
    expect((await github.as('root', `GET ${R}/compare/${pull.base.sha}...master`)).ahead_by).toBe(
      8,
    );
    expect(await github.as('root', `GET ${R}/branches`)).toHaveLength(10);
    expect(
      new Set(
        (await github.as('root', `GET ${R}/issues/1/comments`)).map(
          (one: Json) => one.body as string,
        ),
      ).size,
    ).toBe(8);
  });

  it('lets one of two rival pushes win, and loses no merge and no label of many', async () => {
    const names = ['p1', 'p2', 'p3', 'p4'];
    for (const name of names) await github.pull('app', name, { [`${name}.txt`]: '1\n' });
    await github.git('app', 'checkout', '-q', 'master');
    const rivals = await Promise.all(
      ['left', 'right'].map(async (side) => {
        await github.git('.', 'clone', '-q', github.remote('acme/app'), side);
        return github.commit(side, { 'rival.txt': side }, side);
      }),
    );
    const outcomes = await Promise.allSettled(
      ['left', 'right'].map((side) => github.git(side, 'push', '-q', 'origin', 'master')),
    );
    expect(outcomes.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected']);
    await Promise.all([
      ...names.map((_, i) => github.as('root', `PUT ${R}/pulls/${i + 2}/merge`, {})),
      ...names.map((name) => github.as('root', `POST ${R}/issues/1/labels`, { labels: [name] })),
    ]);
    const won = rivals[outcomes.findIndex((one) => one.status === 'fulfilled')];
    const { ahead_by } = await github.as('root', `GET ${R}/compare/${won ?? ''}...master`);
    expect(ahead_by).toBe(2 * names.length);
    expect((await get()).labels).toHaveLength(names.length);
  });

  it('is found quickly among ten thousand', async () => {
    await github.control('POST', '/_sim/fill', {
      repository: 'acme/app',
      base: 'master',
      author: 'alice',
      count: 10_000,
    });
    await get();
    // The simulator runs in this process: its processor time counts, not what else the machine does.
    const times: number[] = [];
    const headers = { authorization: 'Bearer tok-root' };
    for (let i = 0; i < 5; i += 1) {
      const start = process.cpuUsage();
      await (await fetch(`${github.url}${R}/pulls?per_page=100&page=${i + 1}`, { headers })).text();
      const used = process.cpuUsage(start);
      times.push((used.user + used.system) / 1000);
    }
    expect(Math.min(...times)).toBeLessThan(100);
    const page = await github.call('root', `GET ${R}/pulls?per_page=100&page=3`);
    expect(page.body).toHaveLength(100);
    expect(page.headers.get('link')).toContain('rel="last"');
  });
});
