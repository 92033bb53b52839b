/** What is known about a failed call. */
export interface GitHubFailure {
  /** The gateway's name of the call: `createPullRequest`. */
  readonly operation: string;
  /** HTTP status; null when no whole answer came. */
  readonly status: number | null;
  /** GitHub's `X-GitHub-Request-Id`, for its support. */
  readonly requestId: string | null;
  /** Nothing may be sent before this many milliseconds are over; null: no such word from GitHub. */
  readonly retryAfterMs: number | null;
  /** True when the same call may succeed later without anybody changing anything. */
  readonly retryable: boolean;
  /** `none`: GitHub surely did nothing. `unknown`: it may have; look before acting again. */
  readonly effect: 'none' | 'unknown';
  /** What GitHub, or the network, said: for logs and for people, never for decisions. */
  readonly detail: string;
}

/** GitHub, or the way to it, failed. Who must act: nobody if `retryable`, else an operator. */
export class GitHubError extends Error {
  override readonly name = 'GitHubError';
  readonly operation: string;
  readonly status: number | null;
  readonly requestId: string | null;
  readonly retryAfterMs: number | null;
  readonly retryable: boolean;
  readonly effect: 'none' | 'unknown';
  readonly detail: string;

  constructor(failure: GitHubFailure, options?: { readonly cause?: unknown }) {
    super(
      `GitHub: ${failure.operation} failed (${failure.status ?? 'no answer'}): ${failure.detail}`,
      options,
    );
    this.operation = failure.operation;
    this.status = failure.status;
    this.requestId = failure.requestId;
    this.retryAfterMs = failure.retryAfterMs;
    this.retryable = failure.retryable;
    this.effect = failure.effect;
    this.detail = failure.detail;
  }
}
