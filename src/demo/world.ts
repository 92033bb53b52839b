import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startChild } from './child.ts';
import type { Child } from './child.ts';
import { createHistory } from './history.ts';
import { callJson } from './http.ts';
import type { DemoWorld, Login } from './types.ts';
import { createWebRepository } from './web-repository.ts';

/** Branches, oldest first. */
const BRANCHES = ['17.0', '18.0', 'master'] as const;
/** The repository with this project's own history, and a small one beside it. */
const REPOSITORIES = ['acme/stagecoach', 'acme/web'] as const;

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SECRET = 'the-webhook-secret-of-the-demo';
const LOGINS: readonly Login[] = ['root', 'alice', 'rita', 'ci', 'stagecoach'];
const CI_DELAY_MS = 250;

/** What a world is made with. Port 0 takes a free one. */
export interface WorldOptions {
  /** An empty folder for everything. */
  readonly folder: string;
  readonly ports: { readonly github: number; readonly bot: number };
}

/** Starts the simulator, fills it, and starts the bot. @throws UserError when something does not start. */
export async function startWorld({ folder, ports }: WorldOptions): Promise<DemoWorld> {
  const children: Child[] = [];
  const stop = async (): Promise<void> => {
    for (const child of children.splice(0).reverse()) await child.stop();
  };
  try {
    children.push(await startSimulator(folder, ports.github));
    const github = children[0]?.ready ?? '';
    const calls = callsTo(github);
    const change = await fill(folder, { github, ...calls });
    const port = ports.bot === 0 ? await freePort() : ports.bot;
    const file = await writeConfig(folder, { github, port });
    children.push(await startBot(folder, file));
    const bot = `http://127.0.0.1:${port}`;
    await addHooks(calls, bot);
    return { folder, github, bot, change, ...calls, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Calls = Pick<DemoWorld, 'as' | 'remote'>;

function callsTo(github: string): Calls {
  return {
    as: (login, method, path, body) =>
      callJson(github + path, { method, token: `tok-${login}`, body }),
    remote: (login, repository) => {
      const url = new URL(`${github}/${repository}.git`);
      url.username = login;
      url.password = `tok-${login}`;
      return url.href;
    },
  };
}

function startSimulator(folder: string, port: number): Promise<Child> {
  return startChild({
    program: join(ROOT, 'bin', 'github-simulator.mjs'),
    args: ['--port', String(port), '--data', join(folder, 'github')],
    log: join(folder, 'github.log'),
    ready: /^listening on (\S+)$/m,
  });
}

/** Its log is JSON; the line with its address is the one that says it is ready. */
function startBot(folder: string, file: string): Promise<Child> {
  return startChild({
    program: join(ROOT, 'bin', 'stagecoach.mjs'),
    args: ['serve', '--config', file],
    log: join(folder, 'bot.log'),
    ready: /"url":"([^"]+)","msg":"listening"/,
  });
}

async function fill(
  folder: string,
  world: Calls & { readonly github: string },
): Promise<DemoWorld['change']> {
  const control = (method: string, path: string, body: unknown) =>
    callJson(`${world.github}/_sim/${path}`, { method, body });
  for (const login of LOGINS) {
    const name = login.charAt(0).toUpperCase() + login.slice(1);
    await control('POST', 'users', {
      login,
      name,
      email: `${login}@acme.test`,
      token: `tok-${login}`,
    });
  }
  await control('POST', 'users', { login: 'acme', type: 'Organization' });
  await control('POST', 'import', { dir: ROOT, name: 'acme/stagecoach' });
  const change = await createHistory(world, ROOT);
  await createWebRepository(world, join(folder, 'work'));
  await addCollaborators(world);
  const rule = { context: 'ci/test', result: 'success', after_ms: CI_DELAY_MS };
  await control('PUT', 'ci', { rules: [rule] });
  return change;
}

async function addCollaborators({ as }: Calls): Promise<void> {
  const rights = { stagecoach: 'admin', ci: 'push', rita: 'push', alice: 'push' };
  for (const repository of REPOSITORIES)
    for (const [login, permission] of Object.entries(rights))
      await as('root', 'PUT', `/repos/${repository}/collaborators/${login}`, { permission });
}

async function addHooks({ as }: Calls, bot: string): Promise<void> {
  const events = [
    'pull_request',
    'issue_comment',
    'pull_request_review',
    'status',
    'check_run',
    'push',
  ];
  const config = { url: `${bot}/webhooks/github`, content_type: 'json', secret: SECRET };
  for (const repository of REPOSITORIES)
    await as('root', 'POST', `/repos/${repository}/hooks`, {
      name: 'web',
      active: true,
      events,
      config,
    });
}

/** @returns the configuration file: JSON is YAML. */
async function writeConfig(
  folder: string,
  { github, port }: { readonly github: string; readonly port: number },
): Promise<string> {
  const rita = {
    login: 'rita',
    email: 'rita@acme.test',
    review: REPOSITORIES,
    overrides: ['ci/test'],
    admin: true,
  };
  const statuses = [{ context: 'ci/test', prs: 'required', stagings: true }];
  const project = {
    ...{ name: 'acme', bot: 'stagecoach', token: 'tok-stagecoach', webhook_secret: SECRET },
    ...{ branches: BRANCHES, people: [rita] },
    repositories: REPOSITORIES.map((name) => ({ name, statuses })),
  };
  const config = {
    server: { host: '127.0.0.1', port },
    data_dir: './bot',
    github: { api_url: github, graphql_url: `${github}/graphql`, git_url: github, web_url: github },
    projects: [project],
  };
  const file = join(folder, 'stagecoach.yml');
  await mkdir(folder, { recursive: true });
  await writeFile(file, `${JSON.stringify(config, null, 2)}\n`);
  return file;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
    server.on('error', reject);
  });
}
