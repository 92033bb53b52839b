import { randomBytes } from 'node:crypto';
import type { Sim } from '../sim.ts';
import { nextId, stamp, userByLogin } from '../state/state.ts';
import type { User } from '../state/types.ts';
import { invalid } from '../errors.ts';

/** What a new account is made of. */
export interface NewAccount {
  readonly login: string;
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  readonly type?: User['type'] | undefined;
}

/**
 * Makes an account. The first one of a world is its site administrator, as on GitHub Enterprise Server:
 * he owns every organisation made through the control interface.
 *
 * @throws Refused 422 when the login is taken.
 */
export function createAccount(sim: Sim, wanted: NewAccount): User {
  const { state } = sim;
  if (userByLogin(state, wanted.login))
    throw invalid({ resource: 'User', field: 'login', code: 'already_exists' });
  const people = [...state.users.values()].some((one) => one.type === 'User');
  const user: User = {
    id: nextId(state),
    login: wanted.login,
    name: wanted.name ?? null,
    email: wanted.email ?? null,
    type: wanted.type ?? 'User',
    siteAdmin: !people && (wanted.type ?? 'User') === 'User',
    createdAt: stamp(),
  };
  state.users.set(user.id, user);
  state.logins.set(user.login.toLowerCase(), user.id);
  if (user.type === 'Organization') state.members.set(user.id, firstOwner(sim));
  return user;
}

function firstOwner(sim: Sim): Map<number, 'admin' | 'member'> {
  const owner = [...sim.state.users.values()].find((one) => one.siteAdmin);
  return new Map(owner ? [[owner.id, 'admin']] : []);
}

/** Gives an account a token; a random one when none is wished for. */
export function addToken(sim: Sim, user: User, wanted?: string): string {
  const value = wanted ?? `ghp_${randomBytes(18).toString('hex')}`;
  sim.state.tokens.set(value, {
    value,
    userId: user.id,
    installationId: null,
    repositoryIds: null,
    expiresAt: null,
  });
  return value;
}

/** The account that speaks for the built-in CI, made when first needed. */
export function ciAccount(sim: Sim): User {
  const login = 'github-actions[bot]';
  return userByLogin(sim.state, login) ?? createAccount(sim, { login, type: 'Bot' });
}
