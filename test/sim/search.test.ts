import { Octokit } from '@octokit/rest';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GitHub } from './support/github.ts';

describe('the search for issues and pull requests', () => {
  let github: GitHub;
  let octokit: Octokit;
  beforeAll(async () => {
    github = await GitHub.start();
    await github.repository();
    await github.pull('app', 'one', { 'a.txt': '1\n' });
    await github.pull('app', 'two', { 'b.txt': '2\n' });
    await github.as('root', 'PATCH /repos/acme/app/pulls/2', { state: 'closed' });
    await github.as('alice', 'POST /repos/acme/app/issues', { title: 'Too slow', labels: ['bug'] });
    await github.as('root', 'POST /user/repos', { name: 'secret', private: true });
    await github.as('root', 'POST /repos/root/secret/issues', { title: 'Too slow as well' });
    octokit = new Octokit({ baseUrl: github.url, auth: 'tok-alice' });
  });
  afterAll(() => github[Symbol.asyncDispose]());

  const found = async (q: string): Promise<number[]> => {
    const { data } = await octokit.search.issuesAndPullRequests({ q });
    expect(data).toMatchObject({ total_count: data.items.length, incomplete_results: false });
    return data.items.map((one) => one.number);
  };

  it.each([
    ['is:pr repo:acme/app', [2, 1]],
    ['is:pr is:open repo:acme/app', [1]],
    ['is:pr state:closed author:root head:two base:master', [2]],
    ['is:issue author:@me', [3]],
    ['slow', [3]],
    ['repo:acme/app -is:pr', [3]],
    ['repo:root/secret', []],
  ])('finds by %s what the caller may see', async (q, numbers) => {
    expect(await found(q)).toEqual(numbers);
  });

  it('goes page by page, and refuses what it does not understand', async () => {
    const q = 'repo:acme/app';
    const all = await octokit.paginate(octokit.search.issuesAndPullRequests, { q, per_page: 1 });
    expect(all.map((one) => one.number)).toEqual([3, 2, 1]);
    const search = (text: string) => github.call('alice', `GET /search/issues?q=${text}`);
    expect((await search('')).status).toBe(422);
    const unknown = await search('language:c');
    expect(unknown.body.errors[0].message).toContain("does not search by 'language:'");
  });
});

describe('a call that the simulator does not have', () => {
  it('is not found, and says so, and is found out by the tests', async () => {
    await using github = await GitHub.start();
    for (const call of ['GET /emojis', 'GET /search/code']) {
      const { status, body } = await github.call('root', call);
      expect([status, body.message]).toEqual([404, `Not Found: the simulator has no call ${call}`]);
    }
    expect(await github.simulator.surprises()).toEqual([
      'GET /emojis: GitHub publishes no such call',
    ]);
  });
});
