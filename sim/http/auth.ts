import { createPublicKey, createVerify } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { unauthenticated } from '../errors.ts';
import type { App, State } from '../state/types.ts';
import type { Actor } from './call.ts';

export const NOBODY: Actor = { user: null, token: null, app: null };

/**
 * Who calls, by the Authorization header: `Bearer`, `token`, Basic (the token as password, or as user name
 * with an empty or `x-oauth-basic` password) or the JWT of a GitHub App.
 *
 * @throws Refused 401 when there is a header that is not good.
 */
export function authenticate(state: State, headers: IncomingHttpHeaders): Actor {
  const header = headers.authorization;
  if (header === undefined || header === '') return NOBODY;
  const [scheme = '', ...rest] = header.split(' ');
  const value = rest.join(' ').trim();
  if (/^basic$/i.test(scheme)) return basic(state, value);
  if (!/^(bearer|token)$/i.test(scheme)) throw unauthenticated('Bad credentials');
  if (/^[\w-]+\.[\w-]+\.[\w-]+$/.test(value) && !state.tokens.has(value))
    return { user: null, token: null, app: appOfJwt(state, value) };
  return byToken(state, value);
}

/** Tokens of people are classic ones which may do all their owner may; tools tell them from Apps by this header. */
const SCOPES = 'admin:org, admin:org_hook, admin:repo_hook, delete_repo, repo, user, workflow';

/** What GitHub says of a classic token in every answer; nothing of an App's. */
export function scopeHeaders({ token }: Actor): Record<string, string> {
  return token?.installationId === null
    ? { 'x-accepted-oauth-scopes': '', 'x-oauth-scopes': SCOPES }
    : {};
}

function basic(state: State, value: string): Actor {
  const [name = '', ...rest] = Buffer.from(value, 'base64').toString('utf8').split(':');
  const password = rest.join(':');
  const app = [...state.apps.values()].find((one) => one.clientId === name);
  if (app && app.clientSecret === password) return { user: null, token: null, app };
  return byToken(state, state.tokens.has(password) ? password : name);
}

function byToken(state: State, value: string): Actor {
  const token = state.tokens.get(value);
  const user = token && state.users.get(token.userId);
  const isGone = token?.installationId != null && !state.installations.has(token.installationId);
  if (!token || !user || isGone || (token.expiresAt !== null && token.expiresAt < Date.now()))
    throw unauthenticated('Bad credentials');
  return { user, token, app: null };
}

/** Whether the caller's token is of an installation that is suspended. */
export function isSuspended(state: State, { token }: Actor): boolean {
  const installation = state.installations.get(token?.installationId ?? 0);
  return installation !== undefined && installation.suspended !== null;
}

/** GitHub refuses a JWT that lives longer than ten minutes; a minute of clock difference is forgiven. */
const LONGEST_JWT_SECONDS = 600;
const CLOCK_DIFFERENCE_SECONDS = 60;

function appOfJwt(state: State, jwt: string): App {
  const bad = (message: string) => unauthenticated(message);
  const [head = '', body = '', signature = ''] = jwt.split('.');
  const header = decode(head);
  const claims = decode(body);
  if (header?.['alg'] !== 'RS256' || !claims) throw bad('A JSON web token could not be decoded');
  const issuer = String(claims['iss']);
  const app = [...state.apps.values()].find(
    (one) => String(one.id) === issuer || one.clientId === issuer,
  );
  if (!app) throw bad("'Issuer' claim ('iss') must be an Integer");
  const verify = createVerify('RSA-SHA256').update(`${head}.${body}`);
  if (!verify.verify(createPublicKey(app.publicKey), Buffer.from(signature, 'base64url')))
    throw bad('A JSON web token could not be decoded');
  const now = Math.floor(Date.now() / 1000);
  const [issued, expires] = [Number(claims['iat']), Number(claims['exp'])];
  if (!(expires > now))
    throw bad(
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  if (issued > now + CLOCK_DIFFERENCE_SECONDS)
    throw bad(
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  if (expires > now + LONGEST_JWT_SECONDS + CLOCK_DIFFERENCE_SECONDS)
    throw bad("'Expiration time' claim ('exp') is too far in the future");
  return app;
}

function decode(part: string): Record<string, unknown> | null {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown>;
  } catch {
    return null;
  }
}
