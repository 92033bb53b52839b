import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/core';
import type { OctokitOptions } from '@octokit/core/types';
import { withCustomRequest } from '@octokit/graphql';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import type { ThrottlingOptions } from '@octokit/plugin-throttling';
import Bottleneck from 'bottleneck';
import type { Clock } from '../lib/clock.ts';
import { systemClock } from '../lib/clock.ts';
import { signAppJwt } from './app-jwt.ts';
import type { Answer } from './failures.ts';
import type { GitHubAuth } from './gateway.ts';
import type { GitHubOptions } from './options.ts';
import type { Fetch, Outlet } from './outlet.ts';

/** What octokit is told about one call beside its parameters. */
export interface Sending {
  readonly fetch: Fetch;
  /**
   * 0 forbids repetitions. Left out, trouble is followed by two; any other number would make the plugin (8.1) repeat
   * refusals too.
   */
  readonly retries?: 0;
}

/** Octokit behind three functions. They throw octokit's errors. */
export interface Wire {
  rest(
    route: string,
    parameters: Readonly<Record<string, unknown>>,
    request: Sending,
  ): Promise<Answer>;
  /** Answers the `data` of a GraphQL answer without errors. Reads are not spaced like writes. */
  graphql(
    call: { readonly query: string; readonly isRead: boolean },
    variables: Readonly<Record<string, unknown>>,
    request: Sending,
  ): Promise<unknown>;
  readonly credentials: Credentials;
}

/** How octokit logs in, and git. */
export interface Credentials {
  gitToken(): Promise<string>;
  /** Gets a new token in place of a refused one; false when there is no other to get. */
  renew(): Promise<boolean>;
}

interface Login extends Credentials {
  readonly strategy: (context: AuthContext) => { hook: AuthHook };
}
type AuthContext = Pick<Parameters<typeof createAppAuth>[0], 'request' | 'log'>;
type AuthHook = ReturnType<typeof createAppAuth>['hook'];

const REPETITIONS = 2;
const API_VERSION = '2022-11-28';
/** A git push may take minutes: its token must outlive it (F-072). */
const TOKEN_RESERVE_MS = 10 * 60_000;
/** Refusals do not change by asking again; limits are for the caller's queue to wait out. */
const FINAL_STATUSES = [304, 400, 401, 403, 404, 405, 409, 410, 412, 413, 415, 422, 429, 451];

const SpacedOctokit = Octokit.plugin(throttling, retry); // the later is outside: repetitions are spaced too

/** Sets octokit up; nothing is sent before the first call. */
export function connect(options: GitHubOptions, outlet: Outlet): Wire {
  const login = logIn(options.auth, options.clock ?? systemClock);
  const open = (writeIntervalMs: number): Octokit =>
    new SpacedOctokit({
      ...describe(options, outlet),
      authStrategy: login.strategy,
      throttle: space(writeIntervalMs),
    });
  const writes = open(options.writeIntervalMs);
  const reads = open(0); // GraphQL reads are POSTs too, which the plugin would space like writes
  const url = options.graphqlUrl;
  const target = { baseUrl: new URL(url).origin, url }; // both: it rewrites addresses of enterprise servers
  return {
    credentials: login,
    rest: async (route, parameters, request) => {
      const answer: Answer = await writes.request(route, { ...parameters, request });
      return answer;
    },
    graphql: ({ query, isRead }, variables, request) =>
      withCustomRequest((isRead ? reads : writes).request)({
        ...variables,
        query,
        ...target,
        request,
      }),
  };
}

function describe(options: GitHubOptions, outlet: Outlet): OctokitOptions {
  const say = (level: 'debug' | 'warn') => (detail: string) =>
    options.log[level]({ detail }, 'octokit speaks');
  // What octokit sends by itself, the App's token, has a passage and a deadline of its own each time.
  const fetch: Fetch = (...request) => outlet({ creates: false }).fetch(...request);
  return {
    baseUrl: options.apiUrl.replace(/\/+$/, ''),
    userAgent: 'stagecoach',
    request: { fetch },
    log: { debug: say('debug'), info: say('debug'), warn: say('debug'), error: say('warn') },
    retry: {
      retries: REPETITIONS,
      doNotRetry: FINAL_STATUSES,
      retryAfterBaseValue: options.retryPauseMs ?? 1000,
    },
  };
}

/**
 * Spaces writes. Every group is ours: those left out the plugin would share among all accounts of the process. Without
 * an interval the plugin is off, as its queues cost some 10 ms a call; sockets are bounded by the transport anyway.
 */
function space(minTime: number): ThrottlingOptions & Record<string, unknown> {
  if (minTime === 0) return { enabled: false };
  const leaveToCaller = (): boolean => false; // the outlet has closed the door already
  const oneByOne = { maxConcurrent: 1 };
  return {
    global: new Bottleneck.Group({ maxConcurrent: 10 }),
    auth: new Bottleneck.Group(oneByOne),
    search: new Bottleneck.Group(oneByOne),
    write: new Bottleneck.Group({ ...oneByOne, minTime }),
    notifications: new Bottleneck.Group({ ...oneByOne, minTime }),
    onRateLimit: leaveToCaller,
    onSecondaryRateLimit: leaveToCaller,
  };
}

function logIn(auth: GitHubAuth, clock: Clock): Login {
  return 'token' in auth ? logInByToken(auth.token) : logInAsApp(auth.app, clock);
}

function logInByToken(token: () => Promise<string>): Login {
  const hook: AuthHook = async (request, route, parameters) => {
    const endpoint = request.endpoint.merge(route as string, parameters ?? {});
    const headers = { ...endpoint.headers, authorization: `token ${await token()}` };
    return request({ ...endpoint, url: endpoint.url ?? '', headers });
  };
  return { strategy: () => ({ hook }), gitToken: token, renew: () => Promise.resolve(false) };
}

function logInAsApp(app: Extract<GitHubAuth, { app: unknown }>['app'], clock: Clock): Login {
  let shared: ReturnType<typeof createAppAuth> | undefined; // one cache of tokens for both octokits
  const createJwt = async (): Promise<{ jwt: string; expiresAt: string }> =>
    signAppJwt({ id: app.id, privateKeyPem: await app.privateKey() }, clock);
  const strategy = (context: AuthContext): { hook: AuthHook } =>
    (shared ??= createAppAuth({
      ...context,
      appId: app.id,
      installationId: app.installationId,
      createJwt,
    }));
  const mint = async (refresh: boolean): Promise<{ token: string; expiresAt: string }> => {
    if (shared === undefined)
      throw new Error('the App logs in with octokit, which is not set up yet');
    return shared({ type: 'installation', refresh });
  };
  return {
    strategy,
    gitToken: async () => {
      const { token, expiresAt } = await mint(false);
      const rest = Date.parse(expiresAt) - clock.now().getTime();
      return rest > TOKEN_RESERVE_MS ? token : (await mint(true)).token;
    },
    renew: async () => {
      await mint(true);
      return true;
    },
  };
}

/** Every REST call states the version of the API it was written for. */
export const REST_HEADERS = { 'x-github-api-version': API_VERSION };
