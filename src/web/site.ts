import type { DataSource, EntityManager } from 'typeorm';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/log.ts';
import type { Secret } from '../lib/secret.ts';

/** A webhook secret and the project whose repositories it speaks for. */
export interface WebhookSecret {
  readonly project: string;
  readonly secret: Secret;
}

/** How the server is reached and whom it lets in; from the configuration file. */
export interface WebSettings {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Where people and GitHub reach it; null: the address it listens on. */
  readonly url: string | null;
  /** `required`: reads need a token or a login too, and local callers are nobody special. */
  readonly auth: 'open' | 'required';
  /** Proxies before it whose word for the caller's address is taken. */
  readonly proxies: number;
  readonly oauth: { readonly clientId: string; readonly clientSecret: Secret } | null;
  readonly github: { readonly apiUrl: string; readonly webUrl: string };
  /** Secrets of all projects; several of one project while one is being replaced. */
  readonly webhookSecrets: readonly WebhookSecret[];
}

/** Acts of the ledger that a button asks for. They write rows and no more; the server itself does not know the law. */
export interface WebActs {
  /** @returns false when it runs no more, or its landing has begun. */
  cancelStaging(
    tx: EntityManager,
    stagingId: number,
    options: { readonly reason: string; readonly now: Date },
  ): Promise<boolean>;
  /** @returns why it was refused, or null when it was done. */
  retryStaging(
    tx: EntityManager,
    stagingId: number,
    options: { readonly now: Date },
  ): Promise<string | null>;
  /** @returns why it was refused, or null when it was done. */
  splitOff(
    tx: EntityManager,
    wanted: {
      readonly batchId: number;
      readonly pull: string;
      readonly label: string;
      readonly now: Date;
    },
  ): Promise<string | null>;
  /**
   * Asks for one of the two repairs of a landing that stopped half-way.
   *
   * @returns why it was refused, or null when it was done.
   */
  wantRepair(
    tx: EntityManager,
    stagingId: number,
    options: { readonly repair: 'finish' | 'revert'; readonly now: Date },
  ): Promise<string | null>;
}

/** What the server is made of. It reads and writes rows; the crons do the rest. */
export interface WebOptions {
  readonly db: DataSource;
  readonly clock: Clock;
  readonly log: Logger;
  readonly settings: WebSettings;
  /** Whether LISTEN is in force: readiness. */
  readonly listening: () => boolean;
  readonly acts: WebActs;
  /** Where the clones lie, and an embedded PostgreSQL; null figures without it. */
  readonly dataDir?: string;
  /** How long a client may take to send its headers, and a whole request; in milliseconds. */
  readonly patience?: { readonly headersMs: number; readonly requestMs: number };
}

/** What each route may touch. */
export interface Site extends WebOptions {
  /** Address for links, without a slash at the end. Known once the server listens. */
  readonly origin: () => string;
}
