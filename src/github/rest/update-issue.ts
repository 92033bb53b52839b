import { OUTCOMES, splitRepository, toOutcome } from '../answer.ts';
import type { Calls } from '../calls.ts';
import type { Outcome } from '../facts.ts';

/** Closes an issue as completed. */
export async function closeIssue(calls: Calls, repo: string, number: number): Promise<Outcome> {
  const answer = await calls.rest({
    operation: 'closeIssue',
    kind: 'repeatable',
    route: 'PATCH /repos/{owner}/{repo}/issues/{issue_number}',
    parameters: {
      ...splitRepository(repo),
      issue_number: number,
      state: 'closed',
      state_reason: 'completed',
    },
    expected: OUTCOMES,
  });
  return toOutcome(answer);
}
