import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect } from '@jest/globals';
import { withGh } from './support/gh.ts';
import { GitHub } from './support/github.ts';

const run = promisify(execFile);

/** `github.localhost` is gh's host name for plain HTTP; the simulator stands in for the proxy to it. */
function environment(github: GitHub): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    HOME: github.dir,
    HTTP_PROXY: github.url,
    GH_HOST: 'github.localhost',
    GH_TOKEN: 'tok-root',
    GH_ENTERPRISE_TOKEN: 'tok-root',
    GH_PROMPT_DISABLED: '1',
    GH_NO_UPDATE_NOTIFIER: '1',
    NO_COLOR: '1',
  };
}

describe('the command-line client gh (skipped where it is not installed)', () => {
  withGh('opens an issue, comments on it and closes it', async () => {
    await using github = await GitHub.start();
    await github.repository();
    const gh = async (...args: string[]): Promise<string> =>
      (await run('gh', args, { env: environment(github), cwd: github.dir })).stdout.trim();
    const on = ['--repo', 'github.localhost/acme/app'];
    expect(await gh('api', 'user', '--jq', '.login')).toBe('root');
    await gh('api', 'repos/acme/app/issues', '-f', 'title=Broken');
    await gh('issue', 'comment', '1', '--body', 'Seen', ...on);
    await gh('issue', 'close', '1', ...on);
    const issue = await github.as('root', 'GET /repos/acme/app/issues/1');
    expect(issue).toMatchObject({ title: 'Broken', state: 'closed', comments: 1 });
  });
});
