import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { exitOf } from '../../src/cli/exit.ts';
import { createProgram } from '../../src/cli/program.ts';
import { parts } from '../../src/parts.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/stagecoach.mjs', import.meta.url));

/** What a command came to. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `stagecoach` as a process of its own: a second each, so only where the process is the point. */
export function stagecoachProcess(args: readonly string[]): Promise<CommandResult> {
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'] };
  return new Promise((resolve) => {
    execFile(process.execPath, [PROGRAM, ...args], { env }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, stdout, stderr });
    });
  });
}

/** Runs `stagecoach` in this process, as src/main.ts does, and catches what it prints. One at a time. */
export async function stagecoach(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  const heard = listen();
  Object.assign(process.env, env);
  try {
    await createProgram(parts, '0.0.0').parseAsync(args, { from: 'user' });
    return { code: Number(process.exitCode ?? 0), ...heard.words() };
  } catch (error) {
    const { text, exitCode } = exitOf(error);
    const { stdout, stderr } = heard.words();
    return { code: exitCode, stdout, stderr: stderr + text };
  } finally {
    heard.end();
    process.exitCode = undefined;
    for (const name of Object.keys(env)) Reflect.deleteProperty(process.env, name);
  }
}

/** Takes what this process writes, until `end`. */
function listen(): { words(): { stdout: string; stderr: string }; end(): void } {
  const texts = { stdout: '', stderr: '' };
  const real = Object.entries({ stdout: process.stdout, stderr: process.stderr }).map(
    ([name, stream]) => {
      const before = Object.getOwnPropertyDescriptor(stream, 'write');
      const write = (chunk: string): boolean => {
        texts[name as keyof typeof texts] += chunk;
        return true;
      };
      Object.defineProperty(stream, 'write', { value: write, configurable: true, writable: true });
      return (): void => {
        if (before) Object.defineProperty(stream, 'write', before);
        else Reflect.deleteProperty(stream, 'write'); // the prototype's own shows again
      };
    },
  );
  return { words: () => ({ ...texts }), end: () => real.forEach((restore) => restore()) };
}
