import { z } from 'zod';
import { listAll, MISSING, splitRepository } from '../answer.ts';
import type { Calls } from '../calls.ts';
import { GitHubError } from '../errors.ts';
import type { Hook, Missing } from '../facts.ts';
import { id, listOf, optionalText, text } from '../read.ts';

const item = z
  .object({
    id,
    active: z.boolean(),
    events: listOf(text),
    config: z.object({ url: optionalText, content_type: optionalText }),
    last_response: z.object({ code: z.int().nullish() }).nullish(),
  })
  .transform(({ id, active, events, config, last_response }): Hook => ({
    id,
    active,
    events,
    url: config.url,
    contentType: config.content_type,
    lastStatus: last_response?.code ?? null,
  }));

type Listed = Pick<Parameters<typeof listAll>[1], 'operation' | 'route' | 'parameters'>;

/** The repository's own webhooks, not the organisation's nor an App's. */
export function listHooks(calls: Calls, repo: string): Promise<readonly Hook[] | Missing> {
  const route = 'GET /repos/{owner}/{repo}/hooks';
  return list(calls, { operation: 'hooks', route, parameters: splitRepository(repo) });
}

/** Those of an organisation. */
export function listOrganizationHooks(
  calls: Calls,
  org: string,
): Promise<readonly Hook[] | Missing> {
  const route = 'GET /orgs/{org}/hooks';
  return list(calls, { operation: 'organizationHooks', route, parameters: { org } });
}

async function list(calls: Calls, listed: Listed): Promise<readonly Hook[] | Missing> {
  try {
    return await listAll(calls, { ...listed, item });
  } catch (error) {
    const mayNotSee = error instanceof GitHubError && [403, 404].includes(error.status ?? 0);
    if (mayNotSee && !error.retryable) return MISSING;
    throw error;
  }
}
