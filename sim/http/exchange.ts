import type { IncomingMessage, ServerResponse } from 'node:http';
import { Refused } from '../errors.ts';
import type { Sim } from '../sim.ts';
import { authenticate } from './auth.ts';
import { isRecord, type Actor, type Call } from './call.ts';
import type { Route } from './router.ts';

/** One request on its way through the server. */
export interface Exchange {
  readonly sim: Sim;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly body: Buffer;
}

/** A route with the parameters of its path. */
export interface Found {
  readonly route: Route;
  readonly params: Record<string, string>;
}

/** What a handler gets to see: reads look at the state as the lag has it. */
export function callOf(
  exchange: Exchange,
  what: { actor: Actor; parsed: unknown; found: Found },
): Call {
  const { sim, request, url } = exchange;
  const method = request.method ?? 'GET';
  const reads = method === 'GET' || method === 'HEAD';
  return {
    sim,
    state: reads ? sim.view() : sim.state,
    actor: what.actor,
    method,
    path: url.pathname,
    params: what.found.params,
    query: url.searchParams,
    body: isRecord(what.parsed) ? what.parsed : {},
    raw: what.parsed,
    headers: request.headers,
  };
}

/** Bodies that cannot be JSON. Plain text may be: clients that name no type send that one. */
const FOREIGN = /^(multipart\/|image\/|text\/(xml|html|csv)|application\/(xml|yaml|zip|pdf))/i;

/** What REST answers are, by any of the names it has at GitHub. */
const JSON_TYPES = /^(\*\/\*|application\/(\*|json|vnd\.github[\w.+-]*)|text\/html)(;|$)/i;

/** Refuses a caller who takes no JSON. @throws Refused 415. */
export function mustTakeJson({ request }: Exchange): void {
  const accept = request.headers.accept ?? '';
  if (accept === '' || accept.split(',').some((one) => JSON_TYPES.test(one.trim()))) return;
  const message = `Unsupported 'Accept' header: '${accept}'. Must accept 'application/json'.`;
  throw new Refused(415, message);
}

/** The body as JSON, or as fields of a form. @throws Refused 400 for what is neither, 415 for another type. */
export function parseBody(exchange: Exchange): unknown {
  const { body, request } = exchange;
  if (body.length === 0) return {};
  const type = request.headers['content-type'] ?? '';
  if (FOREIGN.test(type)) throw new Refused(415, 'Unsupported Media Type');
  if (type.startsWith('application/x-www-form-urlencoded') && !/^\s*[[{"]/.test(body.toString()))
    return Object.fromEntries(new URLSearchParams(body.toString('utf8')));
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    throw new Refused(400, 'Problems parsing JSON');
  }
}

/** Null for bad credentials. */
export function whoIs(exchange: Exchange): Actor | null {
  try {
    return authenticate(exchange.sim.state, exchange.request.headers);
  } catch {
    return null;
  }
}
