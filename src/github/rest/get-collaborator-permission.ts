import { z } from 'zod';
import { readAs, splitRepository } from '../answer.ts';
import type { Calls } from '../calls.ts';
import type { PermissionOf } from '../facts.ts';
import { id } from '../read.ts';

const call = {
  operation: 'permission',
  kind: 'read',
  route: 'GET /repos/{owner}/{repo}/collaborators/{username}/permission',
} as const;
// A word we do not know gives no right.
const shape = z.object({
  permission: z.enum(['admin', 'write', 'read', 'none']).catch('none'),
  user: z.object({ id }).nullish(),
});

/** What a person may do; GitHub folds the roles in between into these four words. */
export async function getCollaboratorPermission(
  calls: Calls,
  repo: string,
  username: string,
): Promise<PermissionOf> {
  const parameters = { ...splitRepository(repo), username };
  const answer = await calls.rest({ ...call, parameters, expected: [404] });
  if (answer.status === 404) return { permission: 'none', userId: null };
  const { permission, user } = readAs(shape, answer.data, call);
  return { permission, userId: user?.id ?? null };
}
