import { join } from 'node:path';
import { type Clones } from './git/index.ts';
import { createGitHub } from './github/create-github.ts';
import type { GitHub, GitHubAuth } from './github/gateway.ts';
import type { Clock } from './lib/clock.ts';
import type { Config, ProjectConfig } from './lib/config.ts';
import type { Logger } from './lib/log.ts';
import { readFile } from 'node:fs/promises';
import type { Account, BotIdentity, World } from './world.ts';

/** The accounts of all projects: gateways, git access and identities, each made when first used. */
export class Accounts implements Pick<World, 'github' | 'clone' | 'identity'> {
  readonly #config: Config;
  readonly #clones: Clones;
  readonly #log: Logger;
  readonly #clock: Clock;
  readonly #gateways = new Map<string, GitHub>();
  readonly #identities = new Map<string, Promise<BotIdentity>>();

  constructor(options: { config: Config; clones: Clones; log: Logger; clock: Clock }) {
    this.#config = options.config;
    this.#clones = options.clones;
    this.#log = options.log;
    this.#clock = options.clock;
  }

  /** The same account has one gateway, so that its limits are kept over all of its calls. */
  github(name: string, account: Account = 'main'): GitHub {
    const project = this.#project(name);
    const second = account === 'forwardport' && project.forwardportToken !== undefined;
    const key = `${name}/${second ? 'forwardport' : 'main'}`;
    const known = this.#gateways.get(key);
    if (known) return known;
    const { apiUrl, graphqlUrl, writeIntervalMs } = this.#config.github;
    const gateway = createGitHub({
      apiUrl,
      graphqlUrl,
      writeIntervalMs,
      auth: second ? secondAuth(project) : mainAuth(project),
      log: this.#log,
      clock: this.#clock,
    });
    this.#gateways.set(key, gateway);
    return gateway;
  }

  async clone(name: string, repository: { id: number; name: string }, account: Account = 'main') {
    const url = `${this.#config.github.gitUrl}/${repository.name}.git`;
    const token = await this.github(name, account).gitToken();
    return this.#clones.of(repository.id, { url, token });
  }

  identity(name: string, account: Account = 'main'): Promise<BotIdentity> {
    const key = `${name}/${account}`;
    const known = this.#identities.get(key);
    if (known) return known;
    const asked = this.#ask(name, account);
    this.#identities.set(key, asked);
    asked.catch(() => this.#identities.delete(key)); // the next one asks again
    return asked;
  }

  async #ask(name: string, account: Account): Promise<BotIdentity> {
    const viewer = await this.github(name, account).viewer();
    return { id: String(viewer.id), login: viewer.login, name: viewer.name, email: viewer.email };
  }

  #project(name: string): ProjectConfig {
    const project = this.#config.projects.find((one) => one.name === name);
    if (!project) throw new Error(`project ${name} is not in the configuration any more`);
    return project;
  }
}

function mainAuth({ auth }: ProjectConfig): GitHubAuth {
  if (auth.kind === 'token') return { token: () => Promise.resolve(auth.token.reveal()) };
  const { id, installationId, privateKeyFile } = auth.app;
  return { app: { id, installationId, privateKey: () => readFile(privateKeyFile, 'utf8') } };
}

function secondAuth({ forwardportToken }: ProjectConfig): GitHubAuth {
  return { token: () => Promise.resolve(forwardportToken?.reveal() ?? '') };
}

/** Where the clones lie. */
export function clonesFolder(config: Config): string {
  return join(config.dataDir, 'clones');
}
