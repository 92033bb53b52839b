import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type Child, startChild } from '../src/demo/child.ts';
import { callJson } from '../src/demo/http.ts';
import { memoryOf } from './a-process.ts';

const execute = promisify(execFile);
const BIN = join(dirname(import.meta.dirname), 'bin');
const SECRET = 'the-webhook-secret-of-the-bench';
const ENV = {
  PATH: process.env['PATH'] ?? '',
  LC_ALL: 'C.UTF-8',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Root',
  GIT_AUTHOR_EMAIL: 'root@acme.test',
  GIT_COMMITTER_NAME: 'Root',
  GIT_COMMITTER_EMAIL: 'root@acme.test',
};

/** A ref that moved, as the simulator saw it. */
export interface RefMove {
  readonly at: string;
  readonly repository: string;
  readonly ref: string;
  readonly to: string | null;
}

/** The simulator and the bot as processes of their own, with repositories such as `acme/app` and their branch `master`. */
export interface BenchGitHub extends AsyncDisposable {
  readonly bot: string;
  /** The most memory the bot's process has had resident so far, in MB; where the system does not tell, what it has now. */
  botMemory(): Promise<number>;
  as<T>(login: string, method: string, path: string, body?: unknown): Promise<T>;
  control<T>(method: string, path: string, body?: unknown): Promise<T>;
  /** Runs git in a clone; `origin` is acme/app at the simulator, other repositories go by their names. */
  git(...args: readonly string[]): Promise<string>;
  /** Commits one new file on top of the first commit, and pushes it as a branch. */
  pushChange(branch: string, remote?: string): Promise<void>;
}

/** Starts both. CI is green on every `change-…` at once and says nothing about stagings. */
export async function aGitHub({
  others = [],
}: { others?: readonly string[] } = {}): Promise<BenchGitHub> {
  const names = ['app', ...others];
  const folder = await mkdtemp(join(tmpdir(), 'stagecoach-bench-'));
  const children: Child[] = [];
  const end = async () => {
    for (const child of children.reverse()) await child.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const sim = await startChild({
      program: join(BIN, 'github-simulator.mjs'),
      args: ['--port', '0', '--data', join(folder, 'github')],
      log: join(folder, 'github.log'),
      ready: /^listening on (\S+)$/m,
    });
    children.push(sim);
    const github = sim.ready;
    const as: BenchGitHub['as'] = (login, method, path, body) =>
      callJson(github + path, { method, body, token: `tok-${login}` });
    const control: BenchGitHub['control'] = (method, path, body) =>
      callJson(`${github}/_sim/${path}`, { method, body });
    const clone = join(folder, 'clone');
    const git: BenchGitHub['git'] = async (...args) =>
      (await execute('git', ['-C', clone, ...args], { env: ENV })).stdout.trim();
    await fill({ github, as, control, git, clone, names });
    const bot = await startBot(folder, { github, names });
    children.push(bot);
    const config = { url: `${bot.ready}/webhooks/github`, content_type: 'json', secret: SECRET };
    const hook = { name: 'web', active: true, events: ['*'], config };
    for (const name of names) await as('root', 'POST', `/repos/acme/${name}/hooks`, hook);
    return {
      bot: bot.ready,
      botMemory: () => memoryOf(bot.pid),
      as,
      control,
      git,
      async pushChange(branch, remote = 'origin') {
        await git('checkout', '--quiet', '--detach', 'start');
        await writeFile(join(clone, branch), `${branch}\n`);
        await git('add', branch);
        await git('commit', '--quiet', '-m', `Add ${branch}`);
        await git('push', '--quiet', remote, `HEAD:refs/heads/${branch}`);
      },
      [Symbol.asyncDispose]: end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

async function fill({
  github,
  as,
  control,
  git,
  clone,
  names,
}: Pick<BenchGitHub, 'as' | 'control' | 'git'> & {
  github: string;
  clone: string;
  names: readonly string[];
}): Promise<void> {
  for (const login of ['root', 'rita', 'ci', 'stagecoach']) {
    const user = { login, name: login, email: `${login}@acme.test`, token: `tok-${login}` };
    await control('POST', 'users', user);
  }
  await control('POST', 'users', { login: 'acme', type: 'Organization' });
  const rule = { context: 'ci/test', after_ms: 0 };
  const rules = [
    { ...rule, branch: '^change-', result: 'success' },
    { ...rule, result: 'none' },
  ];
  await control('PUT', 'ci', { rules });
  await execute('git', ['init', '--quiet', clone], { env: ENV });
  await git('commit', '--quiet', '--allow-empty', '-m', 'Start');
  await git('tag', 'start');
  for (const name of names) {
    await as('root', 'POST', '/orgs/acme/repos', { name });
    for (const [login, permission] of Object.entries(COLLABORATORS))
      await as('root', 'PUT', `/repos/acme/${name}/collaborators/${login}`, { permission });
    const remote = name === 'app' ? 'origin' : name;
    const url = `${github.replace('//', '//root:tok-root@')}/acme/${name}.git`;
    await git('remote', 'add', remote, url);
    await git('push', '--quiet', remote, 'HEAD:refs/heads/master', 'HEAD:refs/heads/plain');
  }
}

const COLLABORATORS = { stagecoach: 'admin', ci: 'push', rita: 'push' };

async function startBot(
  folder: string,
  { github, names }: { github: string; names: readonly string[] },
): Promise<Child> {
  const repositories = names.map((name) => `acme/${name}`);
  const config = {
    server: { port: 0 },
    data_dir: './bot',
    github: { api_url: github, graphql_url: `${github}/graphql`, git_url: github, web_url: github },
    projects: [
      {
        ...{ name: 'acme', bot: 'stagecoach', token: 'tok-stagecoach', webhook_secret: SECRET },
        branches: ['master'],
        repositories: repositories.map((name) => ({ name, statuses: [{ context: 'ci/test' }] })),
        people: [{ login: 'rita', email: 'rita@acme.test', review: repositories, admin: true }],
      },
    ],
  };
  const file = join(folder, 'stagecoach.yml');
  await writeFile(file, JSON.stringify(config));
  return startChild({
    program: join(BIN, 'stagecoach.mjs'),
    args: ['serve', '--config', file],
    log: join(folder, 'bot.log'),
    ready: /"url":"([^"]+)","msg":"listening"/,
  });
}
