import { types } from 'node:util';

/** What is wrong with one place of a file a person wrote. Lines count from 1; 0 means "the file as a whole". */
export interface Problem {
  readonly line: number;
  /** Dotted path as the file's author thinks of it: `projects[0].branches[2]`. */
  readonly path: string;
  readonly message: string;
}

/** Everything that stops the program and that the person at the keyboard can mend, by what went wrong. */
export type Failure =
  | { readonly code: 'usage'; readonly detail: string }
  | {
      readonly code: 'configuration';
      readonly file: string;
      readonly problems: readonly [Problem, ...Problem[]];
    }
  | { readonly code: 'port-in-use'; readonly host: string; readonly port: number }
  | { readonly code: 'cannot-listen'; readonly host: string; readonly detail: string }
  | { readonly code: 'database-unreachable'; readonly address: string; readonly detail: string }
  | { readonly code: 'postgres'; readonly detail: string; readonly advice: string }
  | { readonly code: 'token-refused'; readonly project: string; readonly detail: string }
  | { readonly code: 'github-unreachable'; readonly url: string; readonly detail: string }
  | { readonly code: 'git'; readonly detail: string }
  | { readonly code: 'server-unreachable'; readonly url: string; readonly detail: string }
  | { readonly code: 'refused'; readonly detail: string };

/**
 * The person who started the program must act. Printed as its message alone, never with a stack.
 * Everything thrown that is neither this nor an error of the outside (git, GitHub) is our bug.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly failure: Failure;

  constructor(failure: Failure, options?: { readonly cause?: unknown }) {
    super(explain(failure), options);
    this.failure = failure;
  }

  /** 2 for a wrong command line or configuration, 1 for everything else. */
  get exitCode(): 1 | 2 {
    return this.failure.code === 'usage' || this.failure.code === 'configuration' ? 2 : 1;
  }
}

/** Says what happened and what to do, on one line (one line a problem for a configuration). */
function explain(failure: Failure): string {
  switch (failure.code) {
    case 'usage':
    case 'git':
    case 'refused':
      return failure.detail;
    case 'configuration':
      return failure.problems.map((problem) => formatProblem(failure.file, problem)).join('\n');
    case 'port-in-use':
      return `port ${failure.port} on ${failure.host} is in use: stop what listens there, or choose another server.port`;
    case 'cannot-listen':
      return `cannot listen on ${failure.host} (${failure.detail}): check server.host and server.port`;
    case 'database-unreachable':
      return `cannot reach the database at ${failure.address} (${failure.detail}): check database.url, and that PostgreSQL runs`;
    case 'postgres':
      return `the embedded PostgreSQL does not run: ${failure.detail}; ${failure.advice}`;
    case 'token-refused':
      return `GitHub refuses the token of project ${failure.project} (${failure.detail}): put a valid one into the configuration`;
    case 'github-unreachable':
      return `cannot reach GitHub at ${failure.url} (${failure.detail}): check github.api_url and the network`;
    case 'server-unreachable':
      return `no server answers at ${failure.url} (${failure.detail}): start it, or set STAGECOACH_URL`;
  }
}

function formatProblem(file: string, { line, path, message }: Problem): string {
  const where = line > 0 ? `${file}:${line}` : file;
  return path === '' ? `${where}: ${message}` : `${where}: ${path}: ${message}`;
}

/** What `main` prints and exits with: the line alone for the user's errors, the whole stack for ours. */
export function describeExit(error: unknown): { readonly text: string; readonly exitCode: number } {
  if (error instanceof UserError) return { text: error.message, exitCode: error.exitCode };
  const text = isError(error) ? (error.stack ?? error.message) : String(error);
  return { text: `a bug in stagecoach: ${text}`, exitCode: 1 };
}

/** Whether a thrown value is an error, also one from another realm (a worker, a test's sandbox). */
export function isError(value: unknown): value is Error {
  return value instanceof Error || types.isNativeError(value);
}

/** The `code` of a system or database error (`ENOENT`, `23505`), if it has one. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** A thrown value on one line, for logs and for the `detail` of a {@link Failure}. */
export function oneLine(error: unknown): string {
  const text = isError(error) ? error.message || (errorCode(error) ?? error.name) : String(error);
  return text.replace(/\s+/g, ' ').trim().slice(0, 500);
}
