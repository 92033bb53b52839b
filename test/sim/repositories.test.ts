import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GitHub } from './support/github.ts';

describe('a new repository', () => {
  let github: GitHub;
  beforeAll(async () => {
    github = await GitHub.start();
  });
  afterAll(() => github[Symbol.asyncDispose]());

  const content = Buffer.from('a').toString('base64');
  const create = `mutation ($input: CreateRepositoryInput!) {
    createRepository(input: $input) {
      repository { nameWithOwner isPrivate hasIssuesEnabled description }
    }
  }`;

  it('has a first commit when it is asked for, and the settings that are given', async () => {
    const made = await github.as('alice', 'POST /user/repos', {
      name: 'begun',
      description: 'Ready to use',
      auto_init: true,
      delete_branch_on_merge: true,
      allow_rebase_merge: false,
    });
    expect(made).toMatchObject({ delete_branch_on_merge: true, allow_rebase_merge: false });
    const readme = await github.as('alice', 'GET /repos/alice/begun/contents/README.md');
    expect(Buffer.from(readme.content, 'base64').toString()).toBe('# begun\nReady to use\n');
    const commits = await github.as('alice', 'GET /repos/alice/begun/commits');
    expect(commits.map((one: typeof made) => one.commit.message)).toEqual(['Initial commit']);
  });

  it('takes its first branch as the default one, by the API and by git', async () => {
    await github.as('alice', 'POST /user/repos', { name: 'by-api' });
    const file = { message: 'Start', content, branch: 'main' };
    await github.as('alice', 'PUT /repos/alice/by-api/contents/a', file);
    await github.as('alice', 'POST /user/repos', { name: 'by-git' });
    await github.git('work', 'init', '-q', '-b', 'trunk');
    await github.commit('work', { a: 'a' }, 'Start');
    await github.git('work', 'branch', 'other');
    const push = (...what: string[]) =>
      github.git('work', 'push', '-q', github.remote('alice/by-git', 'alice'), ...what);
    await push('trunk');
    await push('other');
    for (const [name, branch] of [
      ['by-api', 'main'],
      ['by-git', 'trunk'],
    ]) {
      const { default_branch } = await github.as('alice', `GET /repos/alice/${name ?? ''}`);
      expect(default_branch).toBe(branch);
    }
    await github.git('.', 'clone', '-q', github.remote('alice/by-git', 'alice'), 'copy');
    expect(await github.git('copy', 'branch', '--show-current')).toBe('trunk');
  });

  it('is made by GraphQL for oneself, and for an organisation by its members alone', async () => {
    const input = { name: 'by-query', visibility: 'PRIVATE', description: 'Mine' };
    const own = await github.query('alice', create, { input });
    expect(own.data.createRepository.repository).toEqual({
      nameWithOwner: 'alice/by-query',
      isPrivate: true,
      hasIssuesEnabled: true,
      description: 'Mine',
    });
    const { node_id: ownerId } = await github.as('root', 'GET /users/acme');
    const theirs = { input: { ...input, ownerId } };
    const refused = await github.query('alice', create, theirs);
    expect(refused.errors).toMatchObject([{ type: 'FORBIDDEN' }]);
    const made = await github.query('root', create, theirs);
    expect(made.data.createRepository.repository.nameWithOwner).toBe('acme/by-query');
    const again = await github.query('root', create, theirs);
    expect(again.errors).toMatchObject([{ message: 'name already exists on this account' }]);
  });
});
