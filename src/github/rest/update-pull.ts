import { OUTCOMES, splitRepository, toOutcome } from '../answer.ts';
import type { Calls } from '../calls.ts';
import type { Outcome } from '../facts.ts';

/** Changes a pull request. The same change twice is no change, so trouble is simply tried again. */
export async function updatePull(
  calls: Calls,
  pull: { readonly operation: string; readonly repo: string; readonly number: number },
  change: { readonly state: 'open' | 'closed' } | { readonly base: string },
): Promise<Outcome> {
  const answer = await calls.rest({
    operation: pull.operation,
    kind: 'repeatable',
    route: 'PATCH /repos/{owner}/{repo}/pulls/{pull_number}',
    parameters: { ...splitRepository(pull.repo), pull_number: pull.number, ...change },
    expected: OUTCOMES,
  });
  return toOutcome(answer);
}
