import { z } from 'zod';
import { MISSING, readAs } from '../answer.ts';
import type { Calls } from '../calls.ts';
import type { Account, Missing } from '../facts.ts';
import { id, text } from '../read.ts';

const call = { operation: 'user', kind: 'read', route: 'GET /users/{username}' } as const;
const shape = z.object({ id, login: text, type: text });

/** Who has a login now. */
export async function getUser(calls: Calls, username: string): Promise<Account | Missing> {
  const answer = await calls.rest({ ...call, parameters: { username }, expected: [404] });
  return answer.status === 404 ? MISSING : readAs(shape, answer.data, call);
}
