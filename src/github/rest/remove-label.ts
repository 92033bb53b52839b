import { OUTCOMES, splitRepository, toOutcome } from '../answer.ts';
import type { Calls } from '../calls.ts';
import type { Outcome } from '../facts.ts';

/** Takes one label off. */
export async function removeLabel(
  calls: Calls,
  issue: { readonly repo: string; readonly number: number },
  label: string,
): Promise<Outcome> {
  const answer = await calls.rest({
    operation: 'removeLabel',
    kind: 'repeatable',
    route: 'DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}',
    parameters: { ...splitRepository(issue.repo), issue_number: issue.number, name: label },
    expected: OUTCOMES,
  });
  return toOutcome(answer);
}
