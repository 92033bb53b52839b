import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createGitHub } from '../../src/github/create-github.ts';
import type { GitHub, GitHubAuth } from '../../src/github/gateway.ts';
import { startSimulator, type WatchedSimulator } from '../conftest/simulator.ts';

const run = promisify(execFile);
const JSON_HEADERS = { 'content-type': 'application/json' };

/** The repository everything happens in. */
export const REPO = 'acme/app';

/** A simulator with one repository (`18.0`, `master`), a work tree of it, and people: root, alice, stagecoach. */
export class GatewayWorld {
  readonly #simulator: WatchedSimulator;
  readonly #folder: string;
  #turn = 0;

  private constructor(simulator: WatchedSimulator, folder: string) {
    this.#simulator = simulator;
    this.#folder = folder;
  }

  /** Everything ready, with `stagecoach` as admin and `alice` with the right to push. */
  static async start(): Promise<GatewayWorld> {
    const folder = await mkdtemp(join(tmpdir(), 'gateway-'));
    const world = new GatewayWorld(await startSimulator({ data: join(folder, 'sim') }), folder);
    for (const login of ['root', 'alice', 'stagecoach']) {
      const person = { login, email: `${login}@acme.test`, token: `tok-${login}` };
      await world.control('POST', '/users', person);
    }
    await world.control('POST', '/users', { login: 'acme', type: 'Organization' });
    await world.api('root', 'POST', '/orgs/acme/repos', { name: 'app' });
    const invite = (login: string, permission: string): Promise<unknown> =>
      world.api('root', 'PUT', `/repos/${REPO}/collaborators/${login}`, { permission });
    await invite('stagecoach', 'admin');
    await invite('alice', 'push');
    await world.git('init', '-q', '-b', 'master');
    await world.#commit('start');
    await world.#push('18.0', 'master');
    return world;
  }

  /** Ends it. @throws when the simulator answered what GitHub does not. */
  async close(): Promise<void> {
    const surprises = await this.#simulator.surprises();
    await this.#simulator.close();
    await rm(this.#folder, { recursive: true, force: true });
    if (surprises.length > 0) throw new Error(`not as GitHub has it:\n${surprises.join('\n')}`);
  }

  /** The gateway, at the addresses of GitHub or (`/api/v3`) of an enterprise server. */
  gateway(auth: GitHubAuth = tokenOf('stagecoach'), enterprise = false): GitHub {
    const { url } = this.#simulator;
    return createGitHub({
      apiUrl: enterprise ? `${url}/api/v3` : url,
      graphqlUrl: enterprise ? `${url}/api/graphql` : `${url}/graphql`,
      auth,
      writeIntervalMs: 0,
      retryPauseMs: 1,
      log: { debug: () => {}, info: () => {}, warn: () => {} },
    });
  }

  control(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
    const text = body === undefined ? null : JSON.stringify(body);
    return this.#call(`/_sim${path}`, { method, headers: JSON_HEADERS, body: text });
  }

  /** What a person does by the API. */
  api(login: string, method: string, path: string, body: object): Promise<Record<string, unknown>> {
    const headers = { ...JSON_HEADERS, authorization: `Bearer tok-${login}` };
    return this.#call(path, { method, headers, body: JSON.stringify(body) });
  }

  async git(...args: string[]): Promise<string> {
    const who = ['-c', 'user.name=Alice', '-c', 'user.email=alice@acme.test'];
    return (await run('git', [...who, '-C', this.#folder, ...args])).stdout.trim();
  }

  /** A branch off `master` with one commit of its own. */
  async aBranch(): Promise<{ branch: string; sha: string }> {
    const branch = `change-${++this.#turn}`;
    await this.git('checkout', '-q', '-B', branch, 'master');
    const sha = await this.#commit(branch);
    await this.#push(branch);
    return { branch, sha };
  }

  /** A pull request of alice's to `master`. */
  async aPull(): Promise<{ number: number; branch: string; sha: string }> {
    const { branch, sha } = await this.aBranch();
    const asked = { title: `Do ${branch}`, body: 'why', head: branch, base: 'master' };
    const { number } = await this.api('alice', 'POST', `/repos/${REPO}/pulls`, asked);
    return { number: number as number, branch, sha };
  }

  /** Makes the next call to a path be done and its answer be lost. */
  loseAnswer(method: string, path: string): Promise<unknown> {
    const effect = { reset: true, after_effect: true };
    return this.control('POST', '/faults', { match: { method, path }, effect, times: 1 });
  }

  async #call(path: string, init: RequestInit): Promise<Record<string, unknown>> {
    const response = await fetch(this.#simulator.url + path, init);
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
  }

  async #commit(name: string): Promise<string> {
    await writeFile(join(this.#folder, `${name}.txt`), `${name}\n`);
    await this.git('add', `${name}.txt`);
    await this.git('commit', '-q', '-m', name);
    return this.git('rev-parse', 'HEAD');
  }

  #push(...branches: string[]): Promise<string> {
    const remote = `${this.#simulator.url.replace('://', '://x:tok-root@')}/${REPO}.git`;
    return this.git('push', '-q', remote, ...branches.map((one) => `HEAD:refs/heads/${one}`));
  }
}

/** The login of a person of this world. */
export function tokenOf(login: string): GitHubAuth {
  return { token: () => Promise.resolve(`tok-${login}`) };
}
