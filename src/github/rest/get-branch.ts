import { z } from 'zod';
import { MISSING, readAs, splitRepository } from '../answer.ts';
import type { Calls } from '../calls.ts';
import type { Branch, Missing } from '../facts.ts';
import { objectId } from '../read.ts';

const call = {
  operation: 'branch',
  kind: 'read',
  route: 'GET /repos/{owner}/{repo}/branches/{branch}',
} as const;
const shape = z.object({
  commit: z.object({ sha: objectId }),
  protected: z.boolean().default(false),
});

/** A branch by its whole name; slashes are fine. A renamed one, which GitHub redirects, is missing. */
export async function getBranch(
  calls: Calls,
  repo: string,
  branch: string,
): Promise<Branch | Missing> {
  const answer = await calls.rest({
    ...call,
    parameters: { ...splitRepository(repo), branch },
    expected: [301, 404],
  });
  if (answer.status >= 300) return MISSING;
  const read = readAs(shape, answer.data, call);
  return { kind: 'branch', sha: read.commit.sha, protected: read.protected };
}
