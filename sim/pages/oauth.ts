import { randomBytes } from 'node:crypto';
import { addToken } from '../acts/accounts.ts';
import { notFound, Refused } from '../errors.ts';
import { text, type Call, type Reply } from '../http/call.ts';
import type { Sim } from '../sim.ts';
import { userByLogin } from '../state/state.ts';
import type { App, User } from '../state/types.ts';
import { html, page } from './html.ts';
import { whoActs } from './people.ts';

interface Grant {
  readonly appId: number;
  readonly userId: number;
  readonly expiresAt: number;
}

/** Codes live ten minutes and work once, as at GitHub. */
const CODE_LIFE_MS = 600_000;
const grants = new WeakMap<Sim, Map<string, Grant>>();

function appOf(call: Call, clientId: string | null | undefined): App {
  const app = [...call.state.apps.values()].find((one) => one.clientId === clientId);
  if (!app) throw notFound();
  return app;
}

/** Asks who signs in; with `login` in the address that person is taken at once. */
export function authorize(call: Call): Reply {
  const app = appOf(call, call.query.get('client_id'));
  const login = call.query.get('login');
  if (login !== null) return grant(call, app, userByLogin(call.state, login));
  const query = call.query.toString();
  return page(
    `Sign in to ${app.name}`,
    html`<h1>Sign in to ${app.name}</h1>
      <form method="post" action="/login/oauth/authorize?${query}">
        ${whoActs(call)}<button>Authorize</button>
      </form>`,
  );
}

/** The answer to the question of {@link authorize}. */
export function authorized(call: Call): Reply {
  const app = appOf(call, call.query.get('client_id'));
  return grant(call, app, userByLogin(call.state, text(call, 'as') ?? ''));
}

function grant(call: Call, app: App, user: User | undefined): Reply {
  const back = call.query.get('redirect_uri');
  if (!user || back === null) throw new Refused(422, 'redirect_uri and a known login are needed');
  const code = randomBytes(10).toString('hex');
  const known = grants.get(call.sim) ?? new Map<string, Grant>();
  grants.set(call.sim, known);
  known.set(code, { appId: app.id, userId: user.id, expiresAt: Date.now() + CODE_LIFE_MS });
  const location = new URL(back);
  location.searchParams.set('code', code);
  const state = call.query.get('state');
  if (state !== null) location.searchParams.set('state', state);
  return { status: 302, headers: { location: location.href } };
}

/** Gives a token for a code. Errors come with status 200, as at GitHub. */
export function accessToken(call: Call): Reply {
  const field = (name: string): string | undefined =>
    text(call, name) ?? call.query.get(name) ?? undefined;
  const app = appOf(call, field('client_id'));
  const code = field('code') ?? '';
  const found = grants.get(call.sim)?.get(code);
  grants.get(call.sim)?.delete(code);
  const user = found && call.state.users.get(found.userId);
  if (field('client_secret') !== app.clientSecret)
    return answer(call, {
      error: 'incorrect_client_credentials',
      error_description: 'The client_id and/or client_secret passed are incorrect.',
    });
  if (!found || !user || found.appId !== app.id || found.expiresAt < Date.now())
    return answer(call, {
      error: 'bad_verification_code',
      error_description: 'The code passed is incorrect or expired.',
    });
  const access_token = addToken(call.sim, user, `gho_${randomBytes(18).toString('hex')}`);
  return answer(call, { access_token, token_type: 'bearer', scope: '' });
}

function answer(call: Call, body: Record<string, string>): Reply {
  if ((call.headers.accept ?? '').includes('json'))
    return {
      status: 200,
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json; charset=utf-8' },
    };
  const type = 'application/x-www-form-urlencoded; charset=utf-8';
  return {
    status: 200,
    body: new URLSearchParams(body).toString(),
    headers: { 'content-type': type },
  };
}
