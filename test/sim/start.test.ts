import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const BIN = join(import.meta.dirname, '../../bin/github-simulator.mjs');
const run = promisify(execFile);

/** Starts the program; gives its address, and a way to end it that gives its exit code. */
async function start(...args: string[]) {
  const child = spawn(process.execPath, [BIN, '--port', '0', ...args]);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const line = await new Promise<string>((resolve) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString()));
  });
  const stop = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return ended;
  };
  return { url: /^listening on (http:\S+)\n$/.exec(line)?.[1] ?? line, stop };
}

describe('the program github-simulator', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'sim-start-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it.each(['SIGTERM', 'SIGINT'] as const)('ends well at %s, even at once', async (signal) => {
    const { stop } = await start();
    expect(await stop(signal)).toBe(0);
  });

  it('begins with the world of a seed file and imported repositories', async () => {
    const git = (...args: string[]) => run('git', ['-C', dir, ...args]);
    await git('init', '-q', '-b', '18.0');
    await git(
      '-c',
      'user.name=A',
      '-c',
      'user.email=a@acme.test',
      'commit',
      '-q',
      '--allow-empty',
      '-m',
      'Old',
    );
    const seed = join(dir, 'seed.json');
    const repositories = [{ name: 'rita/app', collaborators: { bob: 'push' } }];
    const users = [
      { login: 'rita', token: 't1' },
      { login: 'bob', token: 't2' },
    ];
    writeFileSync(seed, JSON.stringify({ users, repositories }));
    const { url, stop } = await start('--seed', seed, '--import', `${dir}=acme/old`);
    const get = async (path: string, token: string) =>
      (await fetch(url + path, { headers: { authorization: `token ${token}` } })).json() as Promise<
        Record<string, unknown>
      >;
    expect((await get('/repos/rita/app', 't2'))['permissions']).toMatchObject({
      push: true,
      admin: false,
    });
    expect((await get('/api/v3/repos/acme/old', 't1'))['default_branch']).toBe('18.0');
    const commits = (await get('/repos/acme/old/commits', 't1')) as unknown as {
      commit: { message: string };
    }[];
    expect(commits.map((one) => one.commit.message)).toEqual(['Old']);
    await stop('SIGTERM');
  });

  it('says what is wrong with its options and exits 2', async () => {
    await expect(run(process.execPath, [BIN, '--import', 'nonsense'])).rejects.toMatchObject({
      code: 2,
    });
  });

  it('says that its port is taken and exits 1', async () => {
    const { url, stop } = await start();
    const again = run(process.execPath, [BIN, '--port', new URL(url).port]);
    await expect(again).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/EADDRINUSE.*\nChoose another --port/) as unknown,
    });
    await stop('SIGTERM');
  });
});
