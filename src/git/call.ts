import type { GitError } from './errors.ts';

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
  /** More output than so many bytes ends it with `overflow`; 256 MiB when left out. */
  readonly mostBytes?: number | undefined;
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
  /** Starts a command that stays, to be asked many things (house.md trap 18). It gets no deadline of its own. */
  open(call: GitCall): GitSession;
  /** Turns an end that fits nothing into the exception for it. */
  failure(call: GitCall, exit: GitExit): GitError;
  /** Kills the children still running, with all their own children. */
  close(): void;
}

/** A git that stays: asked on stdin, answering on stdout. */
export interface GitSession {
  ask(text: string): void;
  onAnswer(listener: (chunk: Buffer) => void): void;
  /** Settles when it has ended, for whatever reason; its `stdout` is empty. */
  readonly ended: Promise<GitExit>;
  stop(): void;
}
