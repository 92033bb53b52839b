import type { DataSource } from 'typeorm';
import type { Clones } from './git/index.ts';
import type { GitHub } from './github/gateway.ts';
import type { Clock } from './lib/clock.ts';
import type { Logger } from './lib/log.ts';

/** The account an operation acts as: the project's own, or the second one for ports. */
export type Account = 'main' | 'forwardport';

/** What an action may touch. State is in the database alone; everything here can be made anew at any time. */
export interface World {
  readonly db: DataSource;
  readonly clock: Clock;
  readonly log: Logger;
  readonly clones: Clones;
  /** The gateway of a project's account, by project name. */
  github(project: string, account?: Account): GitHub;
  /** Where git finds a repository, and the token for it. */
  remote(
    project: string,
    repository: string,
    account?: Account,
  ): { url: string; token: () => Promise<string> };
  /** Who the bot is in commits of its own: asked from GitHub once per account. */
  identity(project: string, account?: Account): Promise<BotIdentity>;
  /** Address of the pages, for links in comments. */
  readonly url: string;
  /** Address of GitHub's pages. */
  readonly webUrl: string;
}

/** The account behind a token. */
export interface BotIdentity {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly email: string;
}
