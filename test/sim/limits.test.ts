import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { GitHub, type Json } from './support/github.ts';

const R = '/repos/acme/app';

describe('the limits of GitHub', () => {
  let github: GitHub;
  let sha: string;
  beforeEach(async () => {
    github = await GitHub.start();
    sha = await github.repository();
  });
  afterEach(() => github[Symbol.asyncDispose]());

  const refused = async (request: string, body: Json): Promise<[number, string]> => {
    const answer = await github.call('root', `POST ${R}${request}`, { body });
    return [answer.status, answer.body.errors?.[0]?.message as string];
  };

  it('are those of titles, labels and comments', async () => {
    await github.as('root', `POST ${R}/issues`, {
      title: 'x'.repeat(256),
      body: 'y'.repeat(65_536),
    });
    expect(await refused('/issues', { title: 'x'.repeat(257) })).toEqual([
      422,
      'title is too long (maximum is 256 characters)',
    ]);
    expect(await refused('/labels', { name: 'x'.repeat(51) })).toEqual([
      422,
      'name is too long (maximum is 50 characters)',
    ]);
    expect(await refused('/issues/1/comments', { body: 'x'.repeat(65_537) })).toEqual([
      422,
      'body is too long (maximum is 65536 characters)',
    ]);
  });

  it('are a thousand statuses of one commit and context', async () => {
    const state = { state: 'pending', context: 'ci' };
    for (let i = 0; i < 1000; i += 1) await github.as('root', `POST ${R}/statuses/${sha}`, state);
    const over = await github.call('root', `POST ${R}/statuses/${sha}`, { body: state });
    expect(over.status).toBe(422);
    await github.as('root', `POST ${R}/statuses/${sha}`, { ...state, context: 'other' });
  });

  it('are 250 commits of a pull request and 300 files of a comparison', async () => {
    await github.git('app', 'checkout', '-q', '-b', 'long');
    const names = Array.from({ length: 301 }, (_, i) => `file-${i}.txt`);
    await github.commit('app', Object.fromEntries(names.map((name) => [name, '1\n'])), 'Many');
    const tree = await github.git('app', 'rev-parse', 'HEAD^{tree}');
    let head = await github.git('app', 'rev-parse', 'HEAD');
    for (let i = 0; i < 250; i += 1)
      head = await github.git('app', 'commit-tree', tree, '-p', head, '-m', `No ${i}`);
    await github.git('app', 'push', '-q', github.remote('acme/app'), `${head}:refs/heads/long`);
    const wanted = { title: 'Long', head: 'long', base: 'master' };
    expect((await github.as('root', `POST ${R}/pulls`, wanted)).commits).toBe(251);
    const lengths = await Promise.all(
      [1, 3].map((page) => github.as('root', `GET ${R}/pulls/1/commits?per_page=100&page=${page}`)),
    );
    expect(lengths.map((one) => one.length as number)).toEqual([100, 50]);
    const compared = await github.as('root', `GET ${R}/compare/master...long`);
    expect([compared.total_commits, compared.files.length]).toEqual([251, 300]);
    const files = await github.as('root', `GET ${R}/pulls/1/files?per_page=100&page=4`);
    expect(files).toHaveLength(1);
  });
});
