import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { SimulatorOptions } from '../../../sim/simulator.ts';
import { startSimulator, type WatchedSimulator } from '../../conftest/simulator.ts';

const run = promisify(execFile);

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the shapes are GitHub's; ajv checks them
export type Json = any;

/** An answer with everything. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json;
}

/** A webhook as it arrived. */
export interface Arrived {
  readonly event: string;
  readonly guid: string;
  readonly signature: string | null;
  readonly raw: string;
  readonly payload: Json;
}

/**
 * A simulator for tests. Whatever it answers and whatever it sends is checked against GitHub's published
 * descriptions; an unknown deviation fails the test when the world is closed.
 */
export class GitHub implements AsyncDisposable {
  readonly url: string;
  readonly webhooks: Arrived[] = [];
  readonly dir: string;
  readonly simulator: WatchedSimulator;
  readonly #receiver: Server;

  private constructor(simulator: WatchedSimulator, receiver: Server) {
    this.simulator = simulator;
    this.#receiver = receiver;
    this.url = simulator.url;
    this.dir = mkdtempSync(join(tmpdir(), 'sim-test-'));
    receiver.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        this.#arrive(request.headers, Buffer.concat(chunks).toString('utf8'));
        response.writeHead(202).end();
      });
    });
  }

  /** Starts one with the people root (owner of everything), alice, bob and the organisation acme. */
  static async start(options: SimulatorOptions = {}): Promise<GitHub> {
    const receiver = createServer();
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const github = new GitHub(await startSimulator(options), receiver);
    for (const login of ['root', 'alice', 'bob'])
      await github.control('POST', '/_sim/users', {
        login,
        name: login,
        email: `${login}@acme.test`,
        token: `tok-${login}`,
      });
    await github.control('POST', '/_sim/users', { login: 'acme', type: 'Organization' });
    return github;
  }

  /** Where hooks are to send. */
  get hookUrl(): string {
    return `http://127.0.0.1:${(this.#receiver.address() as AddressInfo).port}/`;
  }

  /** A call of the control interface that must work. */
  async control(method: string, path: string, body?: unknown): Promise<Json> {
    const response = await fetch(this.url + path, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  /** A REST call as somebody (null: nobody), whatever its status. */
  async call(
    who: string | null,
    request: string,
    more: { body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const [method = 'GET', path = '/'] = request.split(' ');
    const response = await fetch(this.url + path, {
      method,
      redirect: 'manual',
      headers: {
        accept: 'application/vnd.github+json',
        'content-type': 'application/json',
        ...(who === null ? {} : { authorization: `Bearer tok-${who}` }),
        ...more.headers,
      },
      ...(more.body === undefined ? {} : { body: JSON.stringify(more.body) }),
    });
    const text = await response.text();
    const json = (response.headers.get('content-type') ?? '').includes('json') && text !== '';
    const body: Json = json ? JSON.parse(text) : text === '' ? undefined : text;
    return { status: response.status, headers: response.headers, body };
  }

  /** A REST call that must succeed; gives the body. */
  async as(who: string, request: string, body?: unknown): Promise<Json> {
    const answer = await this.call(who, request, { body });
    if (answer.status >= 400)
      throw new Error(`${who} ${request}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** A GraphQL call. */
  async query(who: string, query: string, variables: Record<string, unknown> = {}): Promise<Json> {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer tok-${who}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    return response.json();
  }

  /** A clone address with somebody's token. */
  remote(name: string, who = 'root'): string {
    const url = new URL(`${this.url}/${name}.git`);
    url.username = 'x';
    url.password = `tok-${who}`;
    return url.href;
  }

  /** Runs git in a folder of the test. */
  async git(folder: string, ...args: string[]): Promise<string> {
    const cwd = join(this.dir, folder);
    mkdirSync(cwd, { recursive: true });
    const who = { GIT_AUTHOR_NAME: 'Alice', GIT_AUTHOR_EMAIL: 'alice@acme.test' };
    const same = { GIT_COMMITTER_NAME: 'Alice', GIT_COMMITTER_EMAIL: 'alice@acme.test' };
    const env = {
      PATH: process.env['PATH'],
      HOME: this.dir,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_TERMINAL_PROMPT: '0',
      LC_ALL: 'C',
      ...who,
      ...same,
    };
    const { stdout } = await run('git', args, { cwd, env });
    return stdout.trim();
  }

  /** Writes files, commits them and gives the new commit. */
  async commit(folder: string, files: Record<string, string>, message: string): Promise<string> {
    for (const [name, content] of Object.entries(files)) {
      const file = join(this.dir, folder, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
    await this.git(folder, 'add', '-A');
    await this.git(folder, 'commit', '-q', '--allow-empty', '-m', message);
    return this.git(folder, 'rev-parse', 'HEAD');
  }

  /** A repository of acme with a first commit on master, cloned into a folder of its name. */
  async repository(name = 'app'): Promise<string> {
    await this.as('root', 'POST /orgs/acme/repos', { name });
    await this.git(name, 'init', '-q', '-b', 'master');
    const sha = await this.commit(
      name,
      { 'README.md': `# ${name}\n`, 'a.txt': 'a\nb\nc\n' },
      'Start',
    );
    await this.git(name, 'push', '-q', this.remote(`acme/${name}`), 'master');
    return sha;
  }

  /** A pull request from a branch of the same repository. */
  async pull(name: string, branch: string, files: Record<string, string>): Promise<Json> {
    await this.git(name, 'checkout', '-q', '-B', branch, 'master');
    await this.commit(name, files, `Change ${branch}`);
    await this.git(name, 'push', '-q', '-f', this.remote(`acme/${name}`), branch);
    return this.as('root', `POST /repos/acme/${name}/pulls`, {
      title: `Change ${branch}`,
      body: 'Why',
      head: branch,
      base: 'master',
    });
  }

  /** A hook of a repository for everything. */
  hook(name = 'app', secret = 'a-secret'): Promise<Json> {
    return this.as('root', `POST /repos/acme/${name}/hooks`, {
      name: 'web',
      active: true,
      events: ['*'],
      config: { url: this.hookUrl, content_type: 'json', secret },
    });
  }

  /** Waits until nothing is on its way. */
  async idle(): Promise<void> {
    await this.control('GET', '/_sim/idle?timeout_ms=10000');
  }

  #arrive(headers: NodeJS.Dict<string | string[]>, raw: string): void {
    const text = (name: string): string | null =>
      typeof headers[name] === 'string' ? headers[name] : null;
    const event = text('x-github-event') ?? '';
    const form = text('content-type') !== 'application/json';
    const payload = JSON.parse(form ? (new URLSearchParams(raw).get('payload') ?? '') : raw);
    this.webhooks.push({
      event,
      guid: text('x-github-delivery') ?? '',
      signature: text('x-hub-signature-256'),
      raw,
      payload,
    });
  }

  /** Ends it. @throws when an answer or a webhook was not as GitHub publishes it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.idle().catch(() => undefined);
    const surprises = await this.simulator.surprises();
    await this.simulator.close();
    await new Promise((resolve) => {
      this.#receiver.close(resolve);
      this.#receiver.closeAllConnections();
    });
    rmSync(this.dir, { recursive: true, force: true });
    if (surprises.length > 0) throw new Error(`not as GitHub has it:\n${surprises.join('\n')}`);
  }
}
