import { OUTCOMES, splitRepository, toOutcome } from '../answer.ts';
import type { Calls } from '../calls.ts';
import type { Outcome } from '../facts.ts';

/** Adds labels to those that are there. */
export async function addLabels(
  calls: Calls,
  issue: { readonly repo: string; readonly number: number },
  labels: readonly string[],
): Promise<Outcome> {
  if (labels.length === 0) return { kind: 'done' };
  const answer = await calls.rest({
    operation: 'addLabels',
    kind: 'repeatable',
    route: 'POST /repos/{owner}/{repo}/issues/{issue_number}/labels',
    parameters: { ...splitRepository(issue.repo), issue_number: issue.number, labels },
    expected: OUTCOMES,
  });
  return toOutcome(answer);
}
