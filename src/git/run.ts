import { types } from 'node:util';
import { execa } from 'execa';
import type { Options, Result } from 'execa';
import { TOKEN_VARIABLE } from './environment.ts';
import { GitError } from './errors.ts';

/** The part of a pino logger this room uses. */
export interface GitLog {
  debug(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** One git command. Names and ids only inside full refspecs or on stdin, never as bare words of `args`. */
export interface GitCall {
  readonly args: readonly string[];
  /** Repository, as `--git-dir`. Left out only where git needs none. */
  readonly dir?: string | undefined;
  readonly input?: string | Uint8Array | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Given to this child alone, by its environment. */
  readonly token?: string | undefined;
  readonly timeoutMs?: number | undefined;
  /** Talks to the remote: when it fails, that says nothing about the clone. */
  readonly remote?: true | undefined;
}

/** How a child ended. A signal, a timeout and too much output are not exit codes (house.md trap 11). */
export type GitExit =
  | {
      readonly kind: 'exit';
      readonly code: number;
      readonly stdout: Buffer;
      readonly stderr: string;
    }
  | {
      readonly kind: 'signal' | 'timeout' | 'overflow' | 'start';
      readonly signal?: string | undefined;
      readonly stderr: string;
    };

/** What a command that ended as expected gave. */
export interface GitResult {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs git. The only place that starts a process in this room. */
export interface Git {
  /** Runs to whatever end. Never throws for what git did. */
  attempt(call: GitCall): Promise<GitExit>;
  /** @throws GitError when the exit code is not among `expected` (only 0 unless told). */
  run(call: GitCall, expected?: readonly number[]): Promise<GitResult>;
  /** Turns an end that fits nothing into the exception for it. */
  failure(call: GitCall, exit: GitExit): GitError;
  /** Kills the children still running, with all their own children. */
  close(): void;
}

/** Settings of the runner; times in milliseconds. */
export interface GitOptions {
  readonly env: Readonly<Record<string, string>>;
  /** Wall time after which a child and its whole process group are killed. */
  readonly timeoutMs: number;
  readonly log?: GitLog | undefined;
}

const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

/** Makes the runner: fixed environment, own process group, a deadline for every child. */
export function createGit(options: GitOptions): Git {
  const running = new Set<number>();
  const attempt = (call: GitCall): Promise<GitExit> => spawn(call, options, running);
  return {
    attempt,
    async run(call, expected = [0]) {
      const exit = await attempt(call);
      if (exit.kind === 'exit' && expected.includes(exit.code)) return exit;
      throw failureOf(call, exit);
    },
    failure: failureOf,
    close() {
      running.forEach(killGroup);
    },
  };
}

function failureOf(call: GitCall, exit: GitExit): GitError {
  const { stderr } = exit;
  if (exit.kind === 'exit') {
    return new GitError({ args: call.args, how: 'exit', code: exit.code, stderr });
  }
  const signal = exit.signal === undefined ? {} : { signal: exit.signal };
  return new GitError({ args: call.args, how: exit.kind, stderr, ...signal });
}

async function spawn(call: GitCall, options: GitOptions, running: Set<number>): Promise<GitExit> {
  const started = performance.now();
  const child = execa('git', argv(call), spawnOptions(call, options));
  const { pid } = child;
  if (pid !== undefined) running.add(pid);
  const deadline = { passed: false };
  const timer = setTimeout(() => {
    deadline.passed = true;
    killGroup(pid);
  }, call.timeoutMs ?? options.timeoutMs);
  const result = await child.finally(() => {
    clearTimeout(timer);
    if (pid !== undefined) running.delete(pid);
  });
  const exit = readExit(result, { call, timedOut: deadline.passed });
  report(options.log, call, { exit, ms: Math.round(performance.now() - started) });
  return exit;
}

function argv(call: GitCall): string[] {
  return call.dir === undefined ? [...call.args] : [`--git-dir=${call.dir}`, ...call.args];
}

function spawnOptions(call: GitCall, options: GitOptions) {
  const token = call.token === undefined ? {} : { [TOKEN_VARIABLE]: call.token };
  return {
    env: { ...options.env, ...call.env, ...token },
    extendEnv: false,
    cwd: '/',
    // Its own process group: a deadline must also end the helpers git started (reliability.md F-096).
    detached: true,
    cleanup: false,
    encoding: 'buffer',
    stripFinalNewline: false,
    reject: false,
    maxBuffer: MAX_OUTPUT_BYTES,
    input: call.input ?? '',
  } as const satisfies Options;
}

type BufferResult = Result<ReturnType<typeof spawnOptions>>;

function readExit(result: BufferResult, about: { call: GitCall; timedOut: boolean }): GitExit {
  const stderr = withoutToken(Buffer.from(result.stderr).toString(), about.call.token);
  if (about.timedOut) return { kind: 'timeout', stderr };
  if (result.isMaxBuffer) return { kind: 'overflow', stderr };
  if (result.signal !== undefined) return { kind: 'signal', signal: result.signal, stderr };
  if (result.exitCode === undefined) {
    return { kind: 'start', stderr: result.shortMessage ?? 'git did not start' };
  }
  return { kind: 'exit', code: result.exitCode, stdout: Buffer.from(result.stdout), stderr };
}

function withoutToken(text: string, token: string | undefined): string {
  return token === undefined || token === '' ? text : text.replaceAll(token, '***');
}

function report(
  log: GitLog | undefined,
  call: GitCall,
  about: { exit: GitExit; ms: number },
): void {
  const { exit, ms } = about;
  const end = exit.kind === 'exit' ? { code: exit.code } : { end: exit.kind, signal: exit.signal };
  log?.debug({ git: argv(call), ms, ...end }, 'git ran');
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // The group has ended by itself between our look and the kill.
    if (!(types.isNativeError(error) && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
