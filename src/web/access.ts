import type { FastifyInstance, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { actorOf } from './caller.ts';
import type { Caller, Via } from './caller.ts';
import { Limits } from './limits.ts';
import { Refusal } from './refusal.ts';
import { readSession } from './session.ts';
import type { Site } from './site.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set before each handler. */
    caller: Caller;
  }
  interface FastifyContextConfig {
    /** `public`: for everybody, whatever `auth` says. */
    readonly access?: 'public';
    /** A route for people who log in: guessing is limited more strictly. */
    readonly limit?: 'login';
  }
}

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|::1|::ffff:127(?:\.\d{1,3}){3})$/; // an address of this machine
const LOCAL_NAME = /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])$/; // a host name that cannot be anybody else's
const FORWARDED = ['x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'forwarded'] as const;

/** Tells whether nobody outside this machine can reach a server that listens there. */
function isLoopback(host: string): boolean {
  return LOOPBACK.test(host) || host === 'localhost';
}

/**
 * Whether every local caller is admin: no login to ask for, and nobody else can come (contract 4). A proxy on this
 * machine would make the whole world local, so a forwarded request is nobody special.
 */
export function isOpenHouse({ settings }: Site): boolean {
  return settings.auth === 'open' && settings.oauth === null && isLoopback(settings.host);
}

/** Finds out who calls, refuses reads of strangers where reading needs a login, and who asks too often. */
export function installAccess(app: FastifyInstance, site: Site): void {
  app.decorateRequest('caller'); // a value here would be shared by all requests
  const limits = new Limits(site);
  app.addHook('onRequest', async (request) => {
    if (request.url.includes('%00')) throw new Refusal(400, 'NUL is in no name'); // nor in PostgreSQL's text
    refuseForeignPage(request);
    const { access, limit } = request.routeOptions.config;
    if (limit !== undefined) limits.take(limit, request.ip);
    if (access === 'public') return;
    request.caller = await identify(site, request, limits);
    limitCaller(limits, request);
    if (site.settings.auth === 'required' && request.caller.kind === 'anonymous')
      throw new Refusal(401, 'log in, or send a token: Authorization: Bearer …');
  });
}

/**
 * Refuses what another site's page sends in a visitor's name (B-096). Programs send neither header. Reading is left
 * alone: no answer of ours can be read across origins.
 */
function refuseForeignPage(request: FastifyRequest): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const site = request.headers['sec-fetch-site'];
  const foreign = site !== undefined && site !== 'same-origin' && site !== 'none';
  if (foreign || !isOwnOrigin(request)) throw new Refusal(403, 'refused: sent by another site');
}

function isOwnOrigin({ headers }: FastifyRequest): boolean {
  if (headers.origin === undefined) return true;
  return URL.canParse(headers.origin) && new URL(headers.origin).host === headers.host;
}

/** Who sits at the machine itself may ask as often as he likes. */
function limitCaller(limits: Limits, { caller, method, ip }: FastifyRequest): void {
  if (caller.kind === 'local') return;
  const changes = method !== 'GET' && method !== 'HEAD' && caller.kind !== 'anonymous';
  if (changes) limits.take('change', actorOf(caller));
  else limits.take('read', ip);
}

async function identify(site: Site, request: FastifyRequest, limits: Limits): Promise<Caller> {
  const via = viaOf(request);
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    limits.check('guess', request.ip);
    const name = await nameOfToken(site, authorization);
    if (name !== null) return { kind: 'token', name, via };
    limits.take('guess', request.ip);
    throw new Refusal(401, 'unknown token');
  }
  const session = await readSession(site, request.headers.cookie);
  if (session) return { kind: 'person', ...session, via };
  return { kind: isLocal(site, request) ? 'local' : 'anonymous', via };
}

/** What the caller says of himself: a hint for the audit log, which grants nothing. */
function viaOf({ headers }: FastifyRequest): Via {
  if (headers['x-stagecoach-via'] === 'cli') return 'cli';
  return headers['sec-fetch-site'] === undefined ? 'api' : 'page';
}

/** Host is checked too: a foreign name that was made to point here would let a foreign page read us. */
function isLocal(site: Site, { headers, ip, hostname }: FastifyRequest): boolean {
  if (!isOpenHouse(site) || FORWARDED.some((name) => name in headers)) return false;
  return LOOPBACK.test(ip) && LOCAL_NAME.test(hostname);
}

async function nameOfToken({ db }: Site, authorization: string): Promise<string | null> {
  const token = /^Bearer ([!-~]{20,200})$/i.exec(authorization)?.[1]; // one word of visible ASCII
  if (token === undefined) return null;
  const hash = createHash('sha256').update(token).digest('hex');
  const rows = await db.query<{ name: string }[]>(
    'select name from api_token where hash = $1 and revoked_at is null',
    [hash],
  );
  return rows[0]?.name ?? null;
}

/**
 * Whether the caller may change things: of one project, or, left out, of all of them (crons and queues belong to all).
 * A person's rights are read now, never remembered (reliability 5.2).
 */
export async function isAdmin({ db }: Site, caller: Caller, projectId?: number): Promise<boolean> {
  if (caller.kind === 'local' || caller.kind === 'token') return true;
  if (caller.kind === 'anonymous') return false;
  const rows = await db.query<{ all: boolean | null }[]>(
    `select bool_and(exists (
        select from access_right r join person m on m.id = r.person_id
         where r.kind = 'admin' and r.project_id = p.id and m.github_id = $1)) as all
       from project p where p.active and ($2::int is null or p.id = $2)`,
    [caller.githubId, projectId ?? null],
  );
  return rows[0]?.all === true;
}

/** @throws 401 for strangers, 403 for everybody else who may not. */
export async function requireAdmin(site: Site, caller: Caller, projectId?: number): Promise<void> {
  if (await isAdmin(site, caller, projectId)) return;
  if (caller.kind === 'anonymous')
    throw new Refusal(401, 'log in as an admin, or send a token: Authorization: Bearer …');
  throw new Refusal(403, 'only admins may do this');
}
