import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect } from '@jest/globals';
import { withGh } from './support/gh.ts';
import { GitHub } from './support/github.ts';

const run = promisify(execFile);

/** gh's host name for plain HTTP. */
const HOST = 'github.localhost';

/** gh and git reach the host through the simulator, which stands in for a proxy to it. */
function environment(github: GitHub): NodeJS.ProcessEnv {
  const who = { GIT_AUTHOR_NAME: 'Root', GIT_AUTHOR_EMAIL: 'root@acme.test' };
  return {
    PATH: process.env['PATH'],
    HOME: github.dir,
    http_proxy: github.url,
    GH_HOST: HOST,
    GH_TOKEN: 'tok-root',
    GH_PROMPT_DISABLED: '1',
    GH_NO_UPDATE_NOTIFIER: '1',
    NO_COLOR: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.http://${HOST}/.extraHeader`,
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${Buffer.from('x:tok-root').toString('base64')}`,
    ...who,
    GIT_COMMITTER_NAME: who.GIT_AUTHOR_NAME,
    GIT_COMMITTER_EMAIL: who.GIT_AUTHOR_EMAIL,
  };
}

/** What the README has people type who use gh, as if the simulator listened elsewhere. */
function linesOfReadme(url: string): string {
  const text = readFileSync(join(import.meta.dirname, '../../sim/README.md'), 'utf8');
  const [, part = ''] = /### With `gh`(.*?)^## /ms.exec(text) ?? [];
  const blocks = [...part.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block);
  const lines = blocks[1] ?? '';
  return lines.replaceAll('127.0.0.1:8400', new URL(url).host);
}

/** gh as root, in a folder of the test. */
function ghIn(github: GitHub, folder: string) {
  return async (...args: string[]): Promise<string> => {
    const options = { env: environment(github), cwd: join(github.dir, folder) };
    return (await run('gh', args, options)).stdout.trim();
  };
}

describe('the command-line client gh (skipped where it is not installed)', () => {
  withGh('does what the README says, word for word', async () => {
    await using github = await GitHub.start({ url: `http://${HOST}` });
    const options = { env: { ...environment(github), GH_TOKEN: '' }, cwd: github.dir };
    const lines = linesOfReadme(github.simulator.url);
    const { stdout } = await run('bash', ['-e', '-c', lines], options);
    expect(stdout).toContain(`http://${HOST}/rita/app/pull/1\n`);
    expect(stdout).toMatch(/^1\tAdd a file\ttopic\tMERGED/m);
  });

  withGh('opens, lists, edits, comments on, closes and reopens an issue', async () => {
    await using github = await GitHub.start({ url: `http://${HOST}` });
    await github.repository();
    await github.as('root', 'POST /repos/acme/app/labels', { name: 'bug' });
    const gh = ghIn(github, '.');
    const on = ['--repo', `${HOST}/acme/app`];
    expect(await gh('api', 'user', '--jq', '.login')).toBe('root');
    await gh('api', 'repos/acme/app/issues', '-f', 'title=Slow');
    await gh('issue', 'create', '--title', 'Broken', '--body', 'It is', '--assignee', '@me', ...on);
    await gh('issue', 'edit', '2', '--add-label', 'bug', '--title', 'Very broken', ...on);
    await gh('issue', 'comment', '2', '--body', 'Seen', ...on);
    await gh('issue', 'close', '2', '--reason', 'not planned', ...on);
    expect(await gh('issue', 'list', '--json', 'title', '--jq', '.[].title', ...on)).toBe('Slow');
    expect(await github.as('root', 'GET /repos/acme/app/issues/2')).toMatchObject({
      title: 'Very broken',
      state: 'closed',
      state_reason: 'not_planned',
      comments: 1,
      labels: [{ name: 'bug' }],
      assignees: [{ login: 'root' }],
    });
    await gh('issue', 'reopen', '2', ...on);
    expect(await gh('issue', 'view', '2', '--json', 'state', '--jq', '.state', ...on)).toBe('OPEN');
  });

  withGh('clones, opens a pull request, checks it out, merges it, and closes another', async () => {
    await using github = await GitHub.start({ url: `http://${HOST}` });
    await github.repository();
    await ghIn(github, '.')('repo', 'clone', 'acme/app', 'app-of-gh');
    const gh = ghIn(github, 'app-of-gh');
    const git = (...args: string[]) => github.git('app-of-gh', ...args);
    const branch = async (name: string): Promise<string> => {
      await git('checkout', '-q', '-b', name);
      const sha = await github.commit('app-of-gh', { [`${name}.txt`]: 'new\n' }, `Add ${name}`);
      await git('push', '-q', github.remote('acme/app'), name);
      return sha;
    };
    const sha = await branch('one');
    const made = await gh('pr', 'create', '--title', 'One', '--body', 'Why', '--head', 'one');
    expect(made).toBe(`http://${HOST}/acme/app/pull/1`);
    expect(await gh('pr', 'list')).toMatch(/^1\tOne\tone\tOPEN/);
    await gh('pr', 'review', '1', '--comment', '--body', 'Hm');
    await github.as('root', `POST /repos/acme/app/statuses/${sha}`, {
      state: 'success',
      context: 'ci',
    });
    expect(await gh('pr', 'checks', '1')).toMatch(/^ci\tpass/);
    expect(await gh('pr', 'diff', '1')).toContain('+new');
    await git('checkout', '-q', 'master');
    await gh('pr', 'checkout', '1');
    expect(await git('rev-parse', 'HEAD')).toBe(sha);
    await gh('pr', 'merge', '1', '--squash', '--delete-branch');
    expect(await git('log', '-1', '--format=%s')).toBe('One (#1)');
    await branch('two');
    await gh('pr', 'create', '--title', 'Two', '--body', '', '--head', 'two', '--draft');
    await gh('pr', 'close', '2', '--comment', 'No', '--delete-branch');
    const fields = ['--json', 'number,state,isDraft,comments,potentialMergeCommit'];
    const jq = '[.number, .state, .isDraft, (.comments | length)] | @csv';
    expect(await gh('pr', 'view', '1', ...fields, '--jq', jq)).toBe('1,"MERGED",false,0');
    expect(await gh('pr', 'view', '2', ...fields, '--jq', jq)).toBe('2,"CLOSED",true,1');
    expect(await github.as('root', 'GET /repos/acme/app/branches')).toHaveLength(1);
  });
});
