import { z } from 'zod';
import { GitHubError } from './errors.ts';

/** An answer of the REST API, whatever its status. */
export interface Answer {
  readonly status: number;
  readonly data: unknown;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
}

/** How a call may be treated: looked only; gives the same when done twice; must be done at most once. */
export type CallKind = 'read' | 'repeatable' | 'once';

/** The call that failed, as far as the verdict needs it. */
export interface Attempted {
  readonly operation: string;
  readonly kind: CallKind;
  /** Whether a byte of it can have reached GitHub. */
  readonly left: boolean;
}

const answered = z.object({
  status: z.number(),
  data: z.unknown(),
  headers: z.record(z.string(), z.union([z.string(), z.number()]).optional().catch(undefined)),
});
const answeredError = z.object({ response: answered });
const graphqlFailure = z.object({
  headers: answered.shape.headers,
  errors: z
    .array(
      z.object({
        type: z.string().optional(),
        message: z.string().default('no message'),
        extensions: z.object({ code: z.string().optional() }).optional(),
      }),
    )
    .min(1),
});
const explained = z.object({
  message: z.string().optional(),
  errors: z
    .array(
      z.union([
        z.string(),
        z.object({ message: z.string().optional(), code: z.string().optional() }),
      ]),
    )
    .optional()
    .catch(undefined),
});

/** The answer inside an error of octokit's, null when the error is of another kind. */
export function answerOf(error: unknown): Answer | null {
  const read = answeredError.safeParse(error);
  return read.success ? { ...read.data.response } : null;
}

/** The errors of a GraphQL answer by type; null when it is none. An untyped one counts as `''`. */
export function graphqlErrorTypes(error: unknown): readonly string[] | null {
  const read = graphqlFailure.safeParse(error);
  return read.success ? read.data.errors.map(({ type }) => type ?? '') : null;
}

/** The seconds our outlet put there, in milliseconds: there exactly when there is a wait. */
export function waitOf(answer: Answer): number | null {
  const seconds = answer.headers['retry-after'];
  return seconds === undefined ? null : Number(seconds) * 1000;
}

/** GitHub's own words about a refusal, on one line. */
export function explain(data: unknown): string {
  const read = explained.safeParse(data);
  if (!read.success) return 'no explanation';
  const details = (read.data.errors ?? []).map((error) =>
    typeof error === 'string' ? error : (error.message ?? error.code ?? ''),
  );
  const words = [read.data.message ?? 'no explanation', ...details].filter((word) => word !== '');
  return words.join('; ').replace(/\s+/g, ' ').slice(0, 500);
}

/** Judges a failed call: what was it, may it be sent again, what has it left behind. */
export function toGitHubError(error: unknown, attempted: Attempted): GitHubError {
  const answer = answerOf(error);
  if (answer !== null) return fromAnswer(answer, attempted, error);
  const graphql = graphqlFailure.safeParse(error);
  if (graphql.success) return fromGraphql(graphql.data, attempted, error);
  return new GitHubError(
    {
      operation: attempted.operation,
      status: null,
      requestId: null,
      retryAfterMs: null,
      retryable: true,
      effect: effectOf(attempted, false),
      detail: error instanceof Error ? error.message : String(error),
    },
    { cause: error },
  );
}

/** For answers that are no errors to octokit but are to us: redirects, and what cannot be read. */
export function fromAnswer(answer: Answer, attempted: Attempted, cause?: unknown): GitHubError {
  const { status } = answer;
  const retryAfterMs = waitOf(answer);
  return new GitHubError(
    {
      operation: attempted.operation,
      status,
      requestId: requestIdOf(answer.headers),
      retryAfterMs,
      retryable: retryAfterMs !== null || status >= 500 || status === 408,
      effect: effectOf(attempted, isRefusal(status)),
      detail: explain(answer.data),
    },
    { cause },
  );
}

const SHUT_OUT_PAUSE_MS = 5 * 60_000;

/** The App gets no token any more: whatever it was about to do waits until its owner lifts that. */
export function shutOut(
  answer: Answer,
  { operation }: Pick<Attempted, 'operation'>,
  cause: unknown,
): GitHubError {
  return new GitHubError(
    {
      operation,
      status: answer.status,
      requestId: requestIdOf(answer.headers),
      retryAfterMs: SHUT_OUT_PAUSE_MS,
      retryable: true,
      effect: 'none',
      detail: `${explain(answer.data)}; everything waits until its owner lifts that at GitHub`,
    },
    { cause },
  );
}

function requestIdOf(headers: Answer['headers']): string | null {
  const requestId = headers['x-github-request-id'];
  return typeof requestId === 'string' ? requestId : null;
}

/** GitHub understood and did not do it. A 408 and everything from 500 on may come after the deed. */
function isRefusal(status: number): boolean {
  return status >= 300 && status < 500 && status !== 408;
}

function effectOf({ kind, left }: Attempted, refused: boolean): 'none' | 'unknown' {
  return kind === 'read' || !left || refused ? 'none' : 'unknown';
}

/** Typed errors, and those of validation (they carry a code), are GitHub's word; the rest is trouble. */
function fromGraphql(
  failure: z.output<typeof graphqlFailure>,
  attempted: Attempted,
  cause: unknown,
): GitHubError {
  const said = failure.errors.every(
    ({ type, extensions }) => type !== undefined || extensions?.code !== undefined,
  );
  return new GitHubError(
    {
      operation: attempted.operation,
      status: 200,
      requestId: requestIdOf(failure.headers),
      retryAfterMs: null,
      retryable: !said,
      effect: effectOf(attempted, said),
      detail: explain({ message: failure.errors.map(({ message }) => message).join('; ') }),
    },
    { cause },
  );
}
