import type { Clock } from '../lib/clock.ts';
import { systemClock } from '../lib/clock.ts';
import { connect, REST_HEADERS } from './client.ts';
import type { Sending, Wire } from './client.ts';
import type { Missing } from './facts.ts';
import { GitHubError } from './errors.ts';
import {
  answerOf,
  fromAnswer,
  graphqlErrorTypes,
  shutOut,
  toGitHubError,
  waitOf,
} from './failures.ts';
import type { Answer, CallKind } from './failures.ts';
import { createLimits } from './limits.ts';
import type { GitHubOptions } from './options.ts';
import { createOutlet } from './outlet.ts';
import type { Outlet } from './outlet.ts';
import { createTransport } from './transport.ts';

/** One call of the REST API. */
export interface RestCall {
  /** The gateway's name for it: in errors and logs. */
  readonly operation: string;
  readonly kind: CallKind;
  /** As GitHub's documentation has it: `GET /repos/{owner}/{repo}`. */
  readonly route: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Statuses outside 2xx that are results here, not errors. */
  readonly expected?: readonly number[];
}

/** One GraphQL operation. Its name in the query is what GitHub's logs show. */
export interface GraphqlCall {
  readonly operation: string;
  readonly kind: CallKind;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Sends, waits, repeats, and judges failures. All methods throw GitHubError and nothing else. */
export interface Calls {
  rest(call: RestCall): Promise<Answer>;
  /** `missing` when GitHub found nothing under the names given. */
  graphql(call: GraphqlCall): Promise<{ readonly kind: 'data'; readonly data: unknown } | Missing>;
  gitToken(): Promise<string>;
  readonly isApp: boolean;
  readonly clock: Clock;
}

/** GitHub's bound on new content for one account (I-34). */
const CREATIONS_PER_HOUR = 500;

type Named = Pick<RestCall, 'operation' | 'kind'>;

/** The calls of one account at one GitHub. */
export function createCalls(options: GitHubOptions): Calls {
  const outlet = openOutlet(options);
  const wire = connect(options, outlet);
  const perform = performer({ outlet, wire, log: options.log });
  return {
    clock: options.clock ?? systemClock,
    isApp: 'app' in options.auth,
    gitToken: () =>
      perform({ operation: 'gitToken', kind: 'read' }, () => wire.credentials.gitToken()),
    rest: async (call) => {
      const parameters = { ...call.parameters, headers: REST_HEADERS };
      const answer = await perform(call, (sending) =>
        wire
          .rest(call.route, parameters, sending)
          .catch((error: unknown) => takeExpected(error, call)),
      );
      if (answer.status < 300 || isExpected(answer, call)) return answer;
      throw fromAnswer(answer, { ...call, left: true });
    },
    graphql: ({ query, variables, ...call }) =>
      perform(call, (sending) =>
        wire
          .graphql({ query, isRead: call.kind === 'read' }, variables, sending)
          .then((data) => ({ kind: 'data' as const, data }), takeMissing),
      ),
  };
}

function openOutlet({ clock = systemClock, log, ...options }: GitHubOptions): Outlet {
  const creationsPerHour = options.writeIntervalMs === 0 ? Infinity : CREATIONS_PER_HOUR;
  return createOutlet({
    transport: createTransport(),
    limits: createLimits({ clock, creationsPerHour }),
    origins: [options.apiUrl, options.graphqlUrl].map((url) => new URL(url).origin),
    deadlineMs: options.deadlineMs ?? 30_000,
    connectMs: options.connectMs ?? 5_000,
    onWait: (waitMs) => log.warn({ waitMs }, 'GitHub asks to wait; no call leaves until then'),
  });
}

function performer(parts: { outlet: Outlet; wire: Wire; log: GitHubOptions['log'] }) {
  return async <T>(call: Named, send: (sending: Sending) => Promise<T>): Promise<T> => {
    const passage = parts.outlet({ creates: call.kind === 'once' });
    const sending = { fetch: passage.fetch, ...(call.kind === 'once' && { retries: 0 as const }) };
    const attempt = (): Promise<T> => send(sending);
    try {
      const result = await attempt().catch(async (error: unknown) => {
        const answer = answerOf(error);
        if (answer?.status === 403 && waitOf(answer) === null)
          await assertAdmitted(parts.wire, call);
        if (answer?.status !== 401) throw error;
        if (!(await parts.wire.credentials.renew())) throw error;
        return attempt(); // a 401 left nothing behind, so this is no repetition of a write
      });
      const level = call.kind === 'read' ? 'debug' : 'info';
      parts.log[level]({ operation: call.operation }, 'called GitHub');
      return result;
    } catch (error) {
      if (error instanceof GitHubError) throw error;
      throw toGitHubError(error, { ...call, left: passage.hasLeft() });
    }
  };
}

/**
 * A call that is forbidden may be so by itself, or because everything is: an App whose installation is suspended gets no new
 * token either. That is nobody's fault and ends when its owner wants, so it waits for him (reliability F-065).
 *
 * @throws GitHubError that asks to wait.
 */
async function assertAdmitted({ credentials }: Wire, call: Named): Promise<void> {
  try {
    await credentials.renew();
  } catch (error) {
    const answer = answerOf(error);
    if (answer?.status === 403) throw shutOut(answer, call, error);
  }
}

/** A 403 or 429 that asks to wait is never the result of the call. */
function isExpected(answer: Answer, { expected = [] }: RestCall): boolean {
  return expected.includes(answer.status) && waitOf(answer) === null;
}

function takeExpected(error: unknown, call: RestCall): Answer {
  const answer = answerOf(error);
  if (answer !== null && isExpected(answer, call)) return answer;
  throw error;
}

function takeMissing(error: unknown): Missing {
  const types = graphqlErrorTypes(error);
  if (types?.every((type) => type === 'NOT_FOUND') === true) return { kind: 'missing' };
  throw error;
}
