import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { GitHub } from './support/github.ts';

const R = '/repos/acme/app';

describe('git over HTTP', () => {
  let github: GitHub;
  beforeEach(async () => {
    github = await GitHub.start();
    await github.repository();
  });
  afterEach(() => github[Symbol.asyncDispose]());

  const push = (...refs: string[]) => github.git('app', 'push', github.remote('acme/app'), ...refs);

  it('clones, shallow and partial too', async () => {
    const from = github.remote('acme/app');
    await github.commit('app', { 'a.txt': 'two\n' }, 'Two');
    await push('master');
    for (const [folder, ...options] of [
      ['full'],
      ['shallow', '--depth=1'],
      ['partial', '--filter=blob:none', '--no-checkout'],
      ['old', '-c', 'protocol.version=0'],
    ]) {
      await github.git('.', 'clone', '-q', ...options, from, folder ?? '');
      const count = await github.git(folder ?? '', 'rev-list', '--count', 'HEAD');
      expect([folder, count]).toEqual([folder, folder === 'shallow' ? '1' : '2']);
    }
  });

  it('keeps pull request refs read-only and fetchable', async () => {
    const pull = await github.pull('app', 'topic', { 'x.txt': 'x\n' });
    await github.git('other', 'init', '-q');
    await github.git('other', 'fetch', '-q', github.remote('acme/app'), 'refs/pull/1/head');
    expect(await github.git('other', 'rev-parse', 'FETCH_HEAD')).toBe(pull.head.sha);
    await expect(push('HEAD:refs/pull/1/head')).rejects.toThrow('deny updating a hidden ref');
  });

  it('gives any commit of the fork network by its id', async () => {
    await github.as('alice', `POST ${R}/forks`, {});
    const sha = await github.commit('app', { 'secret.txt': '1\n' }, 'In the fork');
    await github.git(
      'app',
      'push',
      '-q',
      github.remote('alice/app', 'alice'),
      `${sha}:refs/heads/only-there`,
    );
    await github.git('other', 'init', '-q');
    await github.git('other', 'fetch', '-q', github.remote('acme/app'), sha);
    expect(await github.git('other', 'rev-parse', 'FETCH_HEAD')).toBe(sha);
  });

  it('takes no branch that is named like a ref or a commit', async () => {
    for (const name of ['refs/heads/master', '0'.repeat(40)])
      await expect(push(`HEAD:refs/heads/${name}`)).rejects.toThrow('funny refname');
  });

  it('pushes atomically: all or nothing', async () => {
    await github.git('app', 'branch', 'one');
    const before = await github.git('app', 'ls-remote', github.remote('acme/app'));
    await expect(push('--atomic', 'one', 'HEAD:refs/pull/9/head')).rejects.toThrow(
      'atomic transaction failed',
    );
    expect(await github.git('app', 'ls-remote', github.remote('acme/app'))).toBe(before);
  });

  it('refuses a push with a lease on what is no longer there', async () => {
    const old = await github.git('app', 'rev-parse', 'HEAD');
    await github.commit('app', {}, 'Next');
    await push('master');
    await github.commit('app', {}, 'After next');
    await expect(push(`--force-with-lease=master:${old}`, 'master')).rejects.toThrow('stale info');
  });

  it('enforces branch protection with the words of GitHub', async () => {
    await github.as('root', `PUT ${R}/collaborators/bob`, { permission: 'push' });
    await github.as('root', `PUT ${R}/branches/master/protection`, {
      required_status_checks: { strict: false, contexts: ['ci/test'] },
      enforce_admins: true,
      required_pull_request_reviews: null,
      restrictions: null,
    });
    const sha = await github.commit('app', { 'a.txt': 'x\n' }, 'Untested');
    const bob = github.remote('acme/app', 'bob');
    const refused = github.git('app', 'push', bob, 'master');
    await expect(refused).rejects.toThrow(
      'GH006: Protected branch update failed for refs/heads/master',
    );
    await expect(github.git('app', 'push', bob, 'master')).rejects.toThrow(
      'Required status check "ci/test" is expected.',
    );
    await github.git('app', 'push', '-q', bob, 'master:refs/heads/try');
    await github.as('root', `POST ${R}/statuses/${sha}`, { state: 'success', context: 'ci/test' });
    await github.git('app', 'push', '-q', bob, 'master');
    await expect(github.git('app', 'push', bob, '-f', 'master~1:master')).rejects.toThrow(
      'Cannot force-push to this branch',
    );
    await expect(github.git('app', 'push', bob, ':try')).resolves.toBe('');
  });

  it('enforces rulesets and lets those on the bypass list pass', async () => {
    await github.as('root', `PUT ${R}/collaborators/bob`, { permission: 'push' });
    await github.as('root', `POST ${R}/rulesets`, {
      name: 'linear',
      enforcement: 'active',
      conditions: { ref_name: { include: ['~DEFAULT_BRANCH'], exclude: [] } },
      rules: [{ type: 'non_fast_forward' }],
      bypass_actors: [{ actor_id: 5, actor_type: 'RepositoryRole', bypass_mode: 'always' }],
    });
    await github.commit('app', {}, 'On top');
    await push('master');
    const back = (who: string) =>
      github.git('app', 'push', github.remote('acme/app', who), '-f', 'master~1:master');
    await expect(back('bob')).rejects.toThrow(
      'GH013: Repository rule violations found for refs/heads/master',
    );
    await expect(back('root')).resolves.toBe('');
  });

  it('lets nobody in without a right', async () => {
    await github.commit('app', {}, 'Mine');
    await expect(
      github.git('app', 'push', github.remote('acme/app', 'alice'), 'master'),
    ).rejects.toThrow('denied to alice');
    await expect(
      github.git('app', 'push', github.remote('acme/app', 'nobody'), 'master'),
    ).rejects.toThrow('Authentication failed');
    await github.as('alice', 'POST /user/repos', { name: 'hidden', private: true });
    await expect(
      github.git('app', 'ls-remote', github.remote('alice/hidden', 'bob')),
    ).rejects.toThrow('not found');
  });

  it('logs every move of a ref with who, from, to and whether by force', async () => {
    const first = await github.git('app', 'rev-parse', 'HEAD');
    const second = await github.commit('app', {}, 'Second');
    await push('master');
    await push('-f', `${first}:master`);
    const log = (await github.control('GET', '/_sim/refs-log')) as {
      from: string;
      to: string;
      forced: boolean;
      actor: string;
    }[];
    expect(log.slice(-2).map((one) => [one.from, one.to, one.forced, one.actor])).toEqual([
      [first, second, false, 'root'],
      [second, first, true, 'root'],
    ]);
  });
});
