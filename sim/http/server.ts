import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { noSuchCall, Refused } from '../errors.ts';
import type { RequestEntry, Sim } from '../sim.ts';
import { NOBODY, scopeHeaders } from './auth.ts';
import type { Reply } from './call.ts';
import { fullName } from '../state/state.ts';
import { asGitCall } from './git.ts';
import { rateHeaders } from './limits.ts';
import { asPage, isForPerson } from '../pages/problem.ts';
import { type Exchange, callOf, parseBody } from './exchange.ts';
import { answerGit } from './git-exchange.ts';
import { faultFor, isFailure, delay, fail } from './disturb.ts';
import { type Plan, planOf } from './plan.ts';
import { failure, conditional, send } from './send.ts';

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
    const { controlRouter } = await import('../control/routes.ts'); // with a package that the start does without
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

async function answerApi(exchange: Exchange, log: RequestEntry): Promise<void> {
  const plan = await planOf(exchange, log);
  const fault = faultFor(exchange, log, plan.operations);
  if (fault) await delay(fault);
  if (fault && isFailure(fault)) {
    if (fault.after_effect) await carryOut(exchange, plan);
    fail(exchange, log, fault);
    return;
  }
  const whole = await carryOut(exchange, plan);
  const reply = conditional(exchange, plan, forWhom(exchange, plan, whole));
  log.status = reply.status;
  if (!plan.isPage) show(exchange, reply.status === 304 ? { status: 304 } : whole);
  const free = reply.status === 304 || log.operation === 'rate-limit/get';
  const { actor } = plan;
  const more = { ...scopeHeaders(actor), ...rateHeaders(exchange.sim, actor, free) };
  send(exchange.response, reply, plan.isPage ? {} : more);
}

/** What goes wrong on a page, or where nothing is, is said on a page when a person looks. */
function forWhom({ request, url }: Exchange, { isPage, operations }: Plan, reply: Reply): Reply {
  const isOfApi = !isPage && operations.length > 0;
  if (reply.status < 400 || isOfApi) return reply;
  if (isForPerson(request)) return asPage(reply);
  const isLost = isPage && reply.status === 404; // `/search/code` looks like the page of a repository
  return isLost ? failure(noSuchCall(request.method ?? 'GET', url.pathname)) : reply;
}

/** Lets the observer see an answer of the REST interface, unless it is a diff or another text. */
function show({ sim, request, url, body: sent }: Exchange, { status, body }: Reply): void {
  if (sim.observer === null || url.pathname === '/graphql') return;
  if (typeof body === 'string' || Buffer.isBuffer(body)) return;
  sim.observer.answer({
    method: request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET'),
    path: url.pathname,
    query: url.search,
    sent: sent.length === 0 ? null : sent.toString('utf8'),
    status,
    body: body === undefined ? null : JSON.stringify(body),
  });
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
