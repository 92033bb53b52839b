import type { DataSource } from 'typeorm';
import type { Config } from '../lib/config.ts';
import type { Logger } from '../lib/log.ts';

/** Methods of the API. */
export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** The API, wherever it is: behind an address, or in this process over the database alone. */
export interface Api {
  readonly call: (
    method: Method,
    path: string,
    body?: object,
  ) => Promise<{ readonly status: number; readonly text: string }>;
  readonly close: () => Promise<void>;
}

/** Something that runs until it is stopped. */
export interface RunningBot {
  readonly url: string;
  stop(): Promise<void>;
}

/** One finding of `doctor`. */
export interface Finding {
  readonly ok: boolean;
  /** Right as far as can be told, but somebody should look. */
  readonly doubtful?: boolean;
  /** What was looked at: `acme: token`. */
  readonly subject: string;
  /** What was found, and what to do about it. */
  readonly detail: string;
}

/** What the demo is asked for. */
export interface DemoOptions {
  /** Play the story, then end. */
  readonly once: boolean;
  /** False: an empty world. */
  readonly story: boolean;
}

/** What the commands need of the rest of the program; main.ts hands it in, each loaded only when it is used. */
export interface Parts {
  startBot(config: Config, options: { readonly log: Logger }): Promise<RunningBot>;
  /** The database of the configuration, as it is; `onlyLooks`: nothing is made where there is none. */
  openDatabase(
    config: Config,
    options: { readonly log: Logger; readonly onlyLooks?: boolean },
  ): Promise<{ readonly db: DataSource; readonly close: () => Promise<void> }>;
  /** The API over the database alone, for when no server runs. */
  openApi(config: Config, options: { readonly log: Logger }): Promise<Api>;
  examine(config: Config, options: { readonly log: Logger }): Promise<readonly Finding[]>;
  /** @returns the exit code. */
  runDemo(options: DemoOptions): Promise<number>;
}
