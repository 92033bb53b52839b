/** What a git child did when it did not end as asked: for the log and for the decision to try again. */
export interface GitFailure {
  readonly args: readonly string[];
  /** `exit`: a code nobody expected; `signal`: killed, which is never a result; `timeout` and `overflow`: stopped by us. */
  readonly how: 'exit' | 'signal' | 'timeout' | 'overflow' | 'start';
  readonly code?: number;
  readonly signal?: string;
  /** Prose of git, tokens removed. Nothing is ever decided by it. */
  readonly stderr: string;
}

/**
 * Git, the disk or the network failed: nobody's pull request is to blame, trying again later is right.
 * Conflicts, rejected pushes and absent branches are values, never this.
 */
export class GitError extends Error {
  readonly code = 'git';
  readonly retryable = true;
  readonly failure: GitFailure;

  constructor(failure: GitFailure, options?: ErrorOptions) {
    super(describe(failure), options);
    this.name = 'GitError';
    this.failure = failure;
  }
}

function describe(failure: GitFailure): string {
  const command = failure.args.find((arg) => !arg.startsWith('-')) ?? 'git';
  const end = failure.code ?? failure.signal ?? '';
  return `git ${command} failed (${failure.how} ${end}): ${failure.stderr.trim().slice(0, 400)}`;
}
