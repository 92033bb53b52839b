import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { controlRouter } from '../control/routes.ts';
import { Refused } from '../errors.ts';
import { restRouter } from '../rest/routes.ts';
import type { RequestEntry, Sim } from '../sim.ts';
import { authenticate, NOBODY } from './auth.ts';
import { isRecord, type Actor, type Call, type Reply } from './call.ts';
import { fullName } from '../state/state.ts';
import { takeFault, type FaultEffect } from './faults.ts';
import { asGitCall, serveGit, type GitCall } from './git.ts';
import { rateHeaders, refusedByRate } from './limits.ts';
import { pageRouter } from '../pages/routes.ts';
import type { Route, Router } from './router.ts';

/** One request on its way through the server. */
interface Exchange {
  readonly sim: Sim;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly body: Buffer;
}

/** The server of everything the simulator offers. */
export function createHttpServer(sim: Sim): Server {
  return createServer((request, response) => {
    void answer(sim, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else send(response, failure(error), {});
      if (!(error instanceof Refused)) process.stderr.write(`${String(error)}\n`);
    });
  });
}

async function answer(sim: Sim, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://simulator');
  url.pathname = url.pathname
    .replace(/^\/api\/v3(?=\/|$)/, '')
    .replace(/^\/api\/graphql$/, '/graphql');
  if (url.pathname === '') url.pathname = '/';
  url.pathname = byNumber(sim, url.pathname);
  const body = await readBody(request);
  const exchange: Exchange = { sim, request, response, url, body };
  if (url.pathname.startsWith('/_sim/')) {
    send(response, await control(exchange), {});
    return;
  }
  const log = note(exchange);
  const git = asGitCall(url);
  if (git) await answerGit(exchange, git, log);
  else await answerApi(exchange, log);
}

/** `/repositories/ID/…` is where GitHub sends those who use an old name. */
function byNumber(sim: Sim, path: string): string {
  const match = /^\/repositories\/(\d+)(\/.*)?$/.exec(path);
  const repository = match && sim.state.repositories.get(Number(match[1]));
  return repository ? `/repos/${fullName(sim.state, repository)}${match[2] ?? ''}` : path;
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

let lastRequest = 0;

function note(exchange: Exchange): RequestEntry {
  const entry: RequestEntry = {
    id: (lastRequest += 1),
    at: new Date().toISOString(),
    method: exchange.request.method ?? 'GET',
    path: exchange.url.pathname + exchange.url.search,
    operation: null,
    actor: null,
    status: 0,
  };
  exchange.sim.requests.push(entry);
  return entry;
}

async function control(exchange: Exchange): Promise<Reply> {
  try {
    const parsed = parseBody(exchange);
    const found = controlRouter.match(exchange.request.method ?? 'GET', exchange.url.pathname);
    if (found.kind === 'missing') throw new Refused(404, 'No such control call');
    const reply = await found.route.handle(callOf(exchange, { actor: NOBODY, parsed, found }));
    if (exchange.request.method !== 'GET') exchange.sim.remember();
    return reply;
  } catch (error) {
    return failure(error);
  }
}

interface Found {
  readonly route: Route;
  readonly params: Record<string, string>;
}

function callOf(exchange: Exchange, what: { actor: Actor; parsed: unknown; found: Found }): Call {
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

function parseBody(exchange: Exchange): unknown {
  const { body, request } = exchange;
  if (body.length === 0) return {};
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('application/x-www-form-urlencoded') && !/^\s*[[{"]/.test(body.toString()))
    return Object.fromEntries(new URLSearchParams(body.toString('utf8')));
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    throw new Refused(400, 'Problems parsing JSON');
  }
}

async function answerGit(exchange: Exchange, call: GitCall, log: RequestEntry): Promise<void> {
  const { sim, request, response, body } = exchange;
  log.operation = call.service;
  const actor = whoIs(exchange);
  log.actor = actor?.user?.login ?? null;
  if (!actor) {
    log.status = 401;
    response.writeHead(401, { 'www-authenticate': 'Basic realm="GitHub"' });
    response.end('Invalid username or token.');
    return;
  }
  const fault = faultFor(exchange, log, [call.service]);
  const gzip = request.headers['content-encoding'] === 'gzip';
  const protocol = String(request.headers['git-protocol'] ?? '');
  const serve = (to: ServerResponse): Promise<number> =>
    serveGit(sim, { call, actor, body, gzip, protocol, response: to });
  if (fault) await delay(fault);
  if (!fault || !isFailure(fault)) {
    log.status = await serve(response);
    return;
  }
  if (fault.after_effect) await serve(deaf());
  fail(exchange, log, fault);
}

/** A response nobody reads: for calls which are carried out although their answer fails. */
function deaf(): ServerResponse {
  const sink = {
    writeHead: () => sink,
    write: () => true,
    end: () => sink,
    on: () => sink,
    once: () => sink,
    emit: () => true,
    destroy: () => sink,
  };
  return sink as unknown as ServerResponse;
}

/** Null for bad credentials. */
function whoIs(exchange: Exchange): Actor | null {
  try {
    return authenticate(exchange.sim.state, exchange.request.headers);
  } catch {
    return null;
  }
}

function faultFor(
  exchange: Exchange,
  log: RequestEntry,
  operations: readonly string[],
): FaultEffect | null {
  return takeFault(exchange.sim.switches.faults, {
    method: log.method,
    path: log.path,
    operations,
    actor: log.actor,
  });
}

function isFailure(fault: FaultEffect): boolean {
  return fault.status !== undefined || fault.reset === true;
}

async function delay(fault: FaultEffect): Promise<void> {
  const ms = fault.delay_ms;
  if (ms !== undefined) await new Promise((resolve) => setTimeout(resolve, ms));
}

function fail(exchange: Exchange, log: RequestEntry, fault: FaultEffect): void {
  if (fault.reset) {
    exchange.request.socket.destroy();
    return;
  }
  log.status = fault.status ?? 500;
  const body = fault.body ?? { message: 'Server Error' };
  send(exchange.response, { status: log.status, body, headers: fault.headers ?? {} }, {});
}

async function answerApi(exchange: Exchange, log: RequestEntry): Promise<void> {
  const plan = await planOf(exchange, log);
  const fault = faultFor(exchange, log, plan.operations);
  if (fault) await delay(fault);
  if (fault && isFailure(fault)) {
    if (fault.after_effect) await carryOut(exchange, plan);
    fail(exchange, log, fault);
    return;
  }
  const reply = conditional(exchange, plan, await carryOut(exchange, plan));
  log.status = reply.status;
  const free = reply.status === 304 || log.operation === 'rate-limit/get';
  send(exchange.response, reply, plan.isPage ? {} : rateHeaders(exchange.sim, plan.actor, free));
}

/** A call understood, before anything happens. */
interface Plan {
  readonly operations: readonly string[];
  readonly isPage: boolean;
  readonly actor: Actor;
  readonly run: () => Reply | Promise<Reply>;
}

async function planOf(exchange: Exchange, log: RequestEntry): Promise<Plan> {
  const actorOrNull = whoIs(exchange);
  const actor = actorOrNull ?? NOBODY;
  log.actor = actor.user?.login ?? (actor.app ? actor.app.slug : null);
  const { pathname } = exchange.url;
  const method = log.method;
  const refuse = (error: unknown): Plan => ({
    operations: [],
    isPage: false,
    actor,
    run: () => failure(error),
  });
  if (!actorOrNull) return refuse(new Refused(401, 'Bad credentials'));
  const limited = refusedByRate(exchange.sim, actor, method);
  if (limited) return refuse(limited);
  let parsed: unknown;
  try {
    parsed = parseBody(exchange);
  } catch (error) {
    return refuse(error);
  }
  if (pathname === '/graphql') return planGraphql(exchange, { actor, parsed, log });
  for (const [router, isPage] of [
    [restRouter, false],
    [pageRouter, true],
  ] as [Router, boolean][]) {
    const found = router.match(method, pathname);
    if (found.kind === 'missing') continue;
    log.operation = found.route.operation;
    const call = callOf(exchange, { actor, parsed, found });
    return {
      operations: [found.route.operation],
      isPage,
      actor,
      run: () => found.route.handle(call),
    };
  }
  return refuse(new Refused(404, 'Not Found'));
}

async function planGraphql(
  exchange: Exchange,
  what: { actor: Actor; parsed: unknown; log: RequestEntry },
): Promise<Plan> {
  const { actor, parsed, log } = what;
  const { prepareGraphql } = await import('../graphql/endpoint.ts');
  const prepared = prepareGraphql(exchange.sim, actor, isRecord(parsed) ? parsed : {});
  log.operation = prepared.operations[0] ?? null;
  return { operations: prepared.operations, isPage: false, actor, run: prepared.run };
}

async function carryOut(exchange: Exchange, plan: Plan): Promise<Reply> {
  try {
    const reply = await plan.run();
    if (exchange.request.method !== 'GET') exchange.sim.remember();
    return reply;
  } catch (error) {
    if (!(error instanceof Refused)) process.stderr.write(`${describe(error)}\n`);
    return failure(error);
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

const JSON_TYPE = 'application/json; charset=utf-8';
const DOCUMENTATION = 'https://docs.github.com/rest';

function failure(error: unknown): Reply {
  if (!(error instanceof Refused))
    return { status: 500, body: { message: 'Server Error', documentation_url: DOCUMENTATION } };
  const errors = error.problems.length > 0 ? { errors: error.problems } : {};
  return {
    status: error.status,
    body: {
      message: error.message,
      ...errors,
      documentation_url: DOCUMENTATION,
      status: String(error.status),
    },
    headers: error.headers,
  };
}

/** Reads get an ETag; a caller who has that very answer gets 304. */
function conditional(exchange: Exchange, plan: Plan, reply: Reply): Reply {
  const reads = exchange.request.method === 'GET' || exchange.request.method === 'HEAD';
  if (!reads || reply.status !== 200 || plan.isPage || Buffer.isBuffer(reply.body)) return reply;
  const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
  const hash = createHash('sha1').update(text).digest('hex');
  const etag = `W/"${hash}"`;
  const type = typeof reply.body === 'string' ? {} : { 'content-type': JSON_TYPE };
  const headers = { ...type, ...reply.headers, etag };
  const asked = exchange.request.headers['if-none-match'];
  if (asked !== undefined && asked.replace(/^W\//, '') === `"${hash}"`)
    return { status: 304, headers };
  return { ...reply, headers, body: text };
}

function send(response: ServerResponse, reply: Reply, more: Record<string, string>): void {
  const { status, body } = reply;
  const headers: Record<string, string> = {
    'x-github-request-id': randomUUID().toUpperCase(),
    'x-github-media-type': 'github.v3; format=json',
    ...more,
  };
  const plain = typeof body === 'string' || Buffer.isBuffer(body);
  if (body !== undefined) headers['content-type'] = plain ? 'text/html; charset=utf-8' : JSON_TYPE;
  Object.assign(headers, reply.headers);
  const content = body === undefined ? '' : plain ? body : JSON.stringify(body);
  if (status !== 204 && status !== 304)
    headers['content-length'] = String(Buffer.byteLength(content));
  response.writeHead(status, headers);
  response.end(content);
}
