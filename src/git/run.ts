import { types } from 'node:util';
import { execa } from 'execa';
import type { Options } from 'execa';
import { TOKEN_VARIABLE } from './environment.ts';
import { GitError } from './errors.ts';
import { shortageOfFiles } from './files.ts';
import type { Git, GitCall, GitExit, GitLog, GitSession } from './call.ts';

/** Settings of the runner; times in milliseconds. */
export interface GitOptions {
  readonly env: Readonly<Record<string, string>>;
  /** The git to run, by path; that of the PATH when left out. */
  readonly program?: string | undefined;
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
    open: (call) => start(call, options, running),
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
  const shortage = shortageOfFiles();
  if (shortage !== null) return { kind: 'start', stderr: shortage };
  const child = execa(options.program ?? 'git', argv(call), spawnOptions(call, options));
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

function start(call: GitCall, options: GitOptions, running: Set<number>): GitSession {
  const shortage = shortageOfFiles();
  if (shortage !== null) throw failureOf(call, { kind: 'start', stderr: shortage });
  const child = execa(options.program ?? 'git', argv(call), sessionOptions(call, options));
  const { pid } = child;
  if (pid !== undefined) running.add(pid);
  const ended = child.then((result) => {
    if (pid !== undefined) running.delete(pid);
    const { stderr, exitCode, signal, isMaxBuffer, shortMessage } = result;
    const seen = { stdout: NOTHING, stderr, exitCode, signal, isMaxBuffer, shortMessage };
    const exit = readExit(seen, { call, timedOut: false });
    report(options.log, call, { exit, ms: Math.round(result.durationMs) });
    return exit;
  });
  return {
    ask: (text) => void child.stdin.write(text),
    onAnswer: (listener) => void child.stdout.on('data', listener),
    ended,
    stop() {
      killGroup(pid);
    },
  };
}

const NOTHING = new Uint8Array();

function argv(call: GitCall): string[] {
  return call.dir === undefined ? [...call.args] : [`--git-dir=${call.dir}`, ...call.args];
}

function commonOptions(call: GitCall, options: GitOptions) {
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
    maxBuffer: call.mostBytes ?? MAX_OUTPUT_BYTES,
  } as const satisfies Options;
}

function spawnOptions(call: GitCall, options: GitOptions) {
  return { ...commonOptions(call, options), input: call.input ?? '' } as const satisfies Options;
}

function sessionOptions(call: GitCall, options: GitOptions) {
  return {
    ...commonOptions(call, options),
    stdin: 'pipe',
    buffer: { stdout: false },
  } as const satisfies Options;
}

/** What of execa's result counts. */
interface Ended {
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly isMaxBuffer: boolean;
  readonly shortMessage?: string | undefined;
}

function readExit(result: Ended, about: { call: GitCall; timedOut: boolean }): GitExit {
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
