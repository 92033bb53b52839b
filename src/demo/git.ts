import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const MOST_BYTES = 64 * 1024 * 1024;

/** Runs git as a person of the demo would; nothing of this machine's own settings takes part. */
export async function git(
  folder: string,
  args: readonly string[],
  author: { readonly name: string; readonly email: string } = ALICE,
): Promise<string> {
  const env = {
    PATH: process.execPath.slice(0, process.execPath.lastIndexOf('/')) + SYSTEM_PATH,
    HOME: folder,
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_COMMITTER_NAME: author.name,
    GIT_COMMITTER_EMAIL: author.email,
  };
  const options = { cwd: folder, env, maxBuffer: MOST_BYTES };
  // a clone of another user is still only read here
  const { stdout } = await run('git', ['-c', 'safe.directory=*', ...args], options);
  return stdout.trim();
}

const SYSTEM_PATH = ':/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin';
const ALICE = { name: 'Alice', email: 'alice@acme.test' };
