import { z } from 'zod';
import { readAs } from '../answer.ts';
import type { Calls } from '../calls.ts';
import type { Viewer } from '../facts.ts';
import { id, optionalText, text } from '../read.ts';

const call = { operation: 'viewer', kind: 'read', route: 'GET /user' } as const;
const shape = z.object({ id, login: text, name: optionalText, email: optionalText });

/** Who a token belongs to. Apps have no user: see graphql/viewer.ts. */
export async function getAuthenticatedUser(calls: Calls): Promise<Viewer> {
  const { data } = await calls.rest(call);
  const user = readAs(shape, data, call);
  return completeViewer(user);
}

/**
 * Fills in what an account does not show. The no-reply address carries the id, so commits still count as its own.
 *
 * @see https://docs.github.com/en/account-and-profile/reference/email-addresses-reference
 */
export function completeViewer(user: {
  readonly id: number;
  readonly login: string;
  readonly name: string | null;
  readonly email: string | null;
}): Viewer {
  const { id, login } = user;
  const email = nonEmpty(user.email) ?? `${id}+${login}@users.noreply.github.com`;
  return { id, login, name: nonEmpty(user.name) ?? login, email };
}

function nonEmpty(value: string | null): string | null {
  return value === '' ? null : value;
}
