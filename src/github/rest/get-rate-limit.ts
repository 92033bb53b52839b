import { z } from 'zod';
import { readAs } from '../answer.ts';
import type { Calls } from '../calls.ts';
import type { Allowance } from '../facts.ts';

const call = { operation: 'rateLimit', kind: 'read', route: 'GET /rate_limit' } as const;
const allowance = z
  .object({ limit: z.int(), remaining: z.int(), reset: z.int() })
  .transform(({ limit, remaining, reset }): Allowance => ({
    limit,
    remaining,
    resetAt: new Date(reset * 1000),
  }));
const shape = z.object({ resources: z.object({ core: allowance, graphql: allowance.nullish() }) });

/** What is left of the hour's allowance; asking costs nothing of it. */
export async function getRateLimit(
  calls: Calls,
): Promise<{ readonly core: Allowance; readonly graphql: Allowance | null }> {
  const { data } = await calls.rest(call);
  const { core, graphql } = readAs(shape, data, call).resources;
  return { core, graphql: graphql ?? null };
}
