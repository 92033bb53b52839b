import type { Limits } from './limits.ts';
import { TransportError } from './transport.ts';
import type { Incoming, Transport } from './transport.ts';

/** The part of `fetch` that octokit uses. */
export type Fetch = (
  url: string,
  init: {
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
  },
) => Promise<Response>;

/** The way out for one call of the gateway with all its repetitions, which share one deadline. */
export interface Passage {
  readonly fetch: Fetch;
  /** Whether a byte of it can have reached GitHub so far. */
  hasLeft(): boolean;
}

export interface OutletOptions {
  readonly transport: Transport;
  readonly limits: Limits;
  /** Addresses may start with one of these only: whatever an answer says, no request goes elsewhere. */
  readonly origins: readonly string[];
  readonly deadlineMs: number;
  readonly connectMs: number;
  readonly onWait: (waitMs: number) => void;
}

const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** The one door through which requests leave. */
export type Outlet = (call: { readonly creates: boolean }) => Passage;

/**
 * Makes the door. What it adds to the transport, it says in the language of HTTP, so that octokit and its plugins
 * need to know nothing of it: a call that may not leave is answered 429 on the spot; an answer that is no JSON
 * (a proxy's page, a status page) becomes a 502; a GraphQL limit inside a 200 becomes a 429.
 */
export function createOutlet(options: OutletOptions): Outlet {
  return (call) => {
    let left = false;
    let deadline: AbortSignal | undefined; // the clock starts when the queue of writes has let it through
    const fetch: Fetch = async (address, { method, headers, body }) => {
      const url = new URL(address);
      if (!options.origins.includes(url.origin)) {
        throw new TransportError(`${url.origin} is not GitHub`, false);
      }
      const wait = options.limits.admit(call);
      if (wait > 0) return say(429, askToWait(wait), keepHeaders({ headers: {} }, wait));
      deadline ??= AbortSignal.timeout(options.deadlineMs);
      const bounds = { deadline, connectMs: options.connectMs, maxBytes: MAX_ANSWER_BYTES };
      try {
        const incoming = await options.transport({ url, method, headers, body }, bounds);
        left = true;
        return interpret(incoming, options);
      } catch (error) {
        left ||= !(error instanceof TransportError) || error.sent;
        throw error;
      }
    };
    return { fetch, hasLeft: () => left };
  };
}

function interpret(incoming: Incoming, { limits, onWait }: OutletOptions): Response {
  const wait = limits.observe(incoming);
  if (wait !== null) onWait(wait);
  const headers = keepHeaders(incoming, wait);
  if (wait !== null && incoming.status < 400) return say(429, askToWait(wait), headers);
  if (isReadable(incoming)) return toResponse(incoming, headers);
  const type = incoming.headers['content-type'] ?? 'without a type';
  return say(502, `HTTP ${incoming.status}, not JSON but ${type}`, headers);
}

/** Redirects and empty bodies carry no JSON and need none. */
function isReadable({ status, headers, body }: Incoming): boolean {
  if (body.length === 0 || (status >= 300 && status < 400)) return true;
  return /^application\/(?:[\w.+-]+\+)?json\b/i.test(headers['content-type'] ?? '');
}

function askToWait(waitMs: number): string {
  return `wait ${Math.ceil(waitMs / 1000)} s before the next call`;
}

/** `retry-after` is ours from here on: there exactly when there is a wait, in seconds. */
function keepHeaders({ headers }: Pick<Incoming, 'headers'>, wait: number | null): Headers {
  const kept = new Headers({ 'content-type': 'application/json' });
  for (const name of ['link', 'location', 'x-github-request-id']) {
    const value = headers[name];
    if (typeof value === 'string') kept.set(name, value);
  }
  if (wait !== null) kept.set('retry-after', String(Math.ceil(wait / 1000)));
  return kept;
}

function say(status: number, message: string, headers: Headers): Response {
  return new Response(JSON.stringify({ message }), { status, headers });
}

/** A status that HTTP does not have is a broken gateway's. */
function toResponse({ status, body }: Incoming, headers: Headers): Response {
  if (status < 200 || status > 599) return say(502, `HTTP ${status}`, headers);
  const empty = body.length === 0 || [204, 205, 304].includes(status);
  return new Response(empty ? null : new Uint8Array(body), { status, headers });
}
