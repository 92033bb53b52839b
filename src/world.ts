import type { DataSource, EntityManager } from 'typeorm';
import type { Clone } from './git/index.ts';
import type { GitHub } from './github/gateway.ts';
import type { Clock } from './lib/clock.ts';
import type { Logger } from './lib/log.ts';
import type { CronName } from './triggers/names.ts';

/** The account an operation acts as: the project's own, or the second one for ports. */
export type Account = 'main' | 'forwardport';

/** What an action may touch. State is in the database alone; everything here can be made anew at any time. */
export interface World {
  readonly db: DataSource;
  readonly clock: Clock;
  readonly log: Logger;
  /** The gateway of a project's account, by project name. */
  github(project: string, account?: Account): GitHub;
  /**
   * The bare clone of a repository, talking to `name` (`owner/name`; the repository itself, or its fork for ports) as an
   * account. Ask at the start of each piece of work: a broken clone is made anew here.
   */
  clone(
    project: string,
    repository: { readonly id: number; readonly name: string },
    account?: Account,
  ): Promise<Clone>;
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

/** The right of one process to run a cron, until the epoch moves on. */
export interface Lease {
  readonly cron: CronName;
  readonly epoch: string;
  /** Of one process: what tells two apart that hold the same epoch because a crash of PostgreSQL forgot the first. */
  readonly owner: string;
}

/** One execution of a cron. Everything it writes goes through `transaction`, which its lease fences. */
export interface Run {
  readonly world: World;
  readonly now: Date;
  /** For statements that carry their fence themselves (crons/claim.ts). */
  readonly lease: Lease;
  /** True once the process is about to end. */
  readonly stopping: boolean;
  transaction<T>(work: (tx: EntityManager) => Promise<T>): Promise<T>;
  /** Whether to begin another item: false once switched off, stopping, or deposed. Also asked just before a push. */
  mayGoOn(): Promise<boolean>;
}

/**
 * Ends an item of a queue: runs the writes and deletes the row (or marks it done) in one fenced transaction. Writes that
 * answer a TryLater are kept, and the row waits.
 */
export type Finish = (writes?: (tx: EntityManager) => Promise<unknown>) => Promise<void>;
