import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { UserError } from '../lib/errors.ts';

/** A program of ours that runs beside. */
export interface Child {
  /** What its `ready` line said. */
  readonly ready: string;
  readonly pid: number;
  /** SIGTERM, and SIGKILL when it does not end in time. */
  readonly stop: () => Promise<void>;
}

const READY_MS = 60_000;
const STOP_MS = 9000;

/**
 * Starts one of the programs in `bin/` and waits until a line of its output says that it is ready. Everything it prints
 * goes to a file.
 *
 * @throws UserError with its last words when it ends before.
 */
export async function startChild(how: {
  readonly program: string;
  readonly args: readonly string[];
  readonly log: string;
  readonly ready: RegExp;
}): Promise<Child> {
  const child = spawn(process.execPath, [how.program, ...how.args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const file = createWriteStream(how.log);
  let words = '';
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    child.kill('SIGTERM');
    await ended;
    clearTimeout(timer);
    file.end();
  };
  const ready = await new Promise<string | null>((resolve) => {
    const timer = setTimeout(() => resolve(null), READY_MS);
    const hear = (chunk: Buffer): void => {
      file.write(chunk);
      words = (words + chunk.toString()).slice(-20_000);
      const found = how.ready.exec(words)?.[1];
      if (found === undefined) return;
      clearTimeout(timer);
      resolve(found);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    void ended.then(() => resolve(null));
  });
  if (ready !== null && child.pid !== undefined) return { ready, stop, pid: child.pid };
  await stop();
  throw new UserError({
    code: 'refused',
    detail: `${how.program} did not start: ${lastLine(words)}`,
  });
}

function lastLine(words: string): string {
  return words.trim().split('\n').at(-1) ?? '';
}
