import { createHash, randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { readCookie, seal, setCookie, unseal } from './cookies.ts';
import { Refusal } from './refusal.ts';
import { endSession, openSession } from './session.ts';
import type { Session } from './session.ts';
import type { Site } from './site.ts';

const LOGIN = { access: 'public', limit: 'login' } as const;
const LOGIN_MS = 10 * 60_000;
const ANSWER_MS = 10_000;
const callbackShape = z.object({ code: z.string().min(1).max(500), state: z.string().max(500) });
const pendingShape = z.object({ state: z.string(), verifier: z.string(), until: z.number() });
const tokenShape = z.object({ access_token: z.string().min(1) });
const userShape = z.object({ id: z.int().positive(), login: z.string().min(1) });

/** GitHub login: state bound to a cookie of this browser, PKCE, the code exchanged from server to server. */
export function installLogin(app: FastifyInstance, site: Site): void {
  if (!site.settings.oauth) return;
  app.get('/login', { config: LOGIN }, (_request, reply) => {
    const { cookie, location } = beginLogin(site);
    return reply.header('set-cookie', cookie).redirect(location, 302);
  });
  app.get('/login/callback', { config: LOGIN }, async (request, reply) => {
    const { code, state } = callbackShape.parse(request.query);
    const verifier = pendingLogin(site, request.headers.cookie, state);
    const session = await whoIs(site, await exchange(site, code, verifier));
    site.log.info({ login: session.login, githubId: session.githubId }, 'logged in');
    const ended = setCookie(site, { name: 'login', value: '', maxAgeMs: 0 });
    const opened = await openSession(site, session, request.headers.cookie);
    return reply.header('set-cookie', [opened, ended]).redirect('/', 303);
  });
  app.post('/logout', { config: LOGIN }, async (request, reply) => {
    await endSession(site, request.headers.cookie);
    const ended = setCookie(site, { name: 'sid', value: '', maxAgeMs: 0 });
    return reply.header('set-cookie', ended).code(204).send();
  });
}

function beginLogin(site: Site): { cookie: string; location: string } {
  const state = randomBytes(16).toString('hex');
  const verifier = randomBytes(32).toString('base64url');
  const until = site.clock.now().getTime() + LOGIN_MS;
  const value = seal(site, 'login', JSON.stringify({ state, verifier, until }));
  const location = new URL(`${site.settings.github.webUrl}/login/oauth/authorize`);
  location.search = new URLSearchParams({
    client_id: site.settings.oauth?.clientId ?? '',
    redirect_uri: `${site.origin()}/login/callback`,
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString();
  return {
    cookie: setCookie(site, { name: 'login', value, maxAgeMs: LOGIN_MS }),
    location: location.href,
  };
}

/** @returns the PKCE verifier of the login this browser began. */
function pendingLogin(site: Site, cookies: string | undefined, state: string): string {
  const text = unseal(site, 'login', readCookie(site, cookies, 'login'));
  const pending = text === null ? null : pendingShape.parse(JSON.parse(text));
  const fresh = pending !== null && site.clock.now().getTime() < pending.until;
  if (!fresh || pending.state !== state)
    throw new Refusal(400, 'this login was not begun here, or too long ago: log in again');
  return pending.verifier;
}

async function exchange(site: Site, code: string, verifier: string): Promise<string> {
  const { oauth, github } = site.settings;
  const answer = await ask(`${github.webUrl}/login/oauth/access_token`, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify({
      client_id: oauth?.clientId,
      client_secret: oauth?.clientSecret.reveal(),
      code,
      code_verifier: verifier,
      redirect_uri: `${site.origin()}/login/callback`,
    }),
  });
  return readAnswer(tokenShape, answer).access_token;
}

/** Asks GitHub itself, each time: only its numeric id is believed, and the token is thrown away. */
async function whoIs(site: Site, token: string): Promise<Session> {
  const answer = await ask(`${site.settings.github.apiUrl}/user`, {
    headers: { accept: 'application/vnd.github+json', authorization: `Bearer ${token}` },
  });
  const { id, login } = readAnswer(userShape, answer);
  return { githubId: String(id), login };
}

async function ask(url: string, init: RequestInit): Promise<unknown> {
  const response = await fetch(url, {
    ...init,
    redirect: 'error',
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  return response.ok ? response.json() : null;
}

function readAnswer<T>(shape: z.ZodType<T>, answer: unknown): T {
  const parsed = shape.safeParse(answer);
  if (!parsed.success) throw new Refusal(401, 'GitHub did not confirm this login: log in again');
  return parsed.data;
}
