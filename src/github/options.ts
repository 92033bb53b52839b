import type { Clock } from '../lib/clock.ts';
import type { GitHubAuth } from './gateway.ts';

/** The little of a logger that is needed here; pino's fits. */
export interface GatewayLog {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** How to reach GitHub, as whom, and how fast. */
export interface GitHubOptions {
  /** Base of the REST API: `https://api.github.com`, or `https://HOST/api/v3`. */
  readonly apiUrl: string;
  readonly graphqlUrl: string;
  readonly auth: GitHubAuth;
  /** Least time between two writes. 0: no delay, and nobody counts new content (simulators). */
  readonly writeIntervalMs: number;
  readonly log: GatewayLog;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** For one call with its repetitions, from the moment it may leave. Default 30 s. */
  readonly deadlineMs?: number;
  /** For a connection to stand, TLS included. Default 5 s. */
  readonly connectMs?: number;
  /** Pause before the first repetition; the second waits four times as long. Default 1 s. */
  readonly retryPauseMs?: number;
}
