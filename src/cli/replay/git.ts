import { spawn } from 'node:child_process';
import { errorCode, UserError } from '../../lib/errors.ts';

/** How a call of git ended. */
export interface GitExit {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * The person's own git in the person's own clone: with its settings, hooks, credentials and merge tools, which is the point
 * here. What the bot itself does with git is in `src/git`, where nothing of a machine's settings takes part.
 */
export interface PersonsGit {
  /** Runs it, whatever comes of it. */
  attempt(args: readonly string[], input?: string): Promise<GitExit>;
  /** Its output without the last line end. @throws UserError with git's own words. */
  read(args: readonly string[], input?: string): Promise<string>;
}

/** Git in a folder. */
export function gitIn(folder: string): PersonsGit {
  const attempt = (args: readonly string[], input?: string): Promise<GitExit> =>
    run(folder, args, input);
  return {
    attempt,
    async read(args, input) {
      const { code, stdout, stderr } = await attempt(args, input);
      if (code === 0) return stdout.replace(/\n$/, '');
      const detail = stderr.trim() || `exit code ${code}`;
      throw new UserError({ code: 'git', detail: `git ${args[0] ?? ''}: ${detail}` });
    },
  };
}

function run(cwd: string, args: readonly string[], input?: string): Promise<GitExit> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', args, { cwd, stdio: ['pipe', 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8');
      child[name].on('data', (text: string) => (output[name] += text));
    }
    child.on('error', (error) => {
      const detail = errorCode(error) === 'ENOENT' ? `no git, or no folder ${cwd}` : error.message;
      reject(new UserError({ code: 'git', detail }, { cause: error }));
    });
    child.on('close', (code) => {
      resolve({ code: code ?? -1, ...output }); // killed by a signal: no success either
    });
    child.stdin.on('error', () => undefined); // it ended before it had read all: its exit code tells
    child.stdin.end(input ?? '');
  });
}
