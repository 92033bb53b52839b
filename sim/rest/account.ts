import { notFound } from '../errors.ts';
import { param, type Call } from '../http/call.ts';
import { userByLogin } from '../state/state.ts';
import type { User } from '../state/types.ts';

/** The account a part of the path names. @throws Refused 404. */
export function account(call: Call, name: string): User {
  const user = userByLogin(call.state, param(call, name));
  if (!user) throw notFound();
  return user;
}
