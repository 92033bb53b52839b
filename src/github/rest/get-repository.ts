import { z } from 'zod';
import { MISSING, readAs, splitRepository } from '../answer.ts';
import type { Calls } from '../calls.ts';
import type { Missing, Moved, Repository } from '../facts.ts';
import type { Answer } from '../failures.ts';
import { branchName, id, repositoryName } from '../read.ts';

const call = { operation: 'repository', kind: 'read', route: 'GET /repos/{owner}/{repo}' } as const;
const REDIRECTS = [301, 302, 307, 308];
const shape = z.object({
  id,
  full_name: repositoryName,
  default_branch: branchName,
  private: z.boolean().default(false),
  archived: z.boolean().default(false),
  permissions: z.object({ push: z.boolean(), admin: z.boolean() }).nullish(),
});

/** A repository, by the name it has now. A name it had before answers where it went, and nothing more. */
export async function getRepository(
  calls: Calls,
  repo: string,
): Promise<Repository | Moved | Missing> {
  const parameters = splitRepository(repo);
  const answer = await calls.rest({ ...call, parameters, expected: [404, 410, ...REDIRECTS] });
  if (answer.status === 404 || answer.status === 410) return MISSING;
  if (answer.status >= 300) return findMoved(calls, answer);
  const read = readAs(shape, answer.data, call);
  return {
    kind: 'repository',
    id: read.id,
    name: read.full_name,
    defaultBranch: read.default_branch,
    private: read.private,
    archived: read.archived,
    rights: read.permissions ?? null,
  };
}

/** Takes only the numeric id from the redirect; the address itself is not followed (F-064). */
async function findMoved(calls: Calls, { headers }: Answer): Promise<Moved | Missing> {
  const repositoryId = /\/repositories\/(\d{1,15})$/.exec(String(headers['location'] ?? ''))?.[1];
  if (repositoryId === undefined) return MISSING;
  const answer = await calls.rest({
    ...call,
    route: 'GET /repositories/{repository_id}',
    parameters: { repository_id: repositoryId },
    expected: [404, 410],
  });
  if (answer.status >= 400) return MISSING;
  const read = readAs(shape, answer.data, call);
  return { kind: 'moved', id: read.id, name: read.full_name };
}
