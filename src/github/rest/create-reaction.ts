import { OUTCOMES, splitRepository, toOutcome } from '../answer.ts';
import type { Calls } from '../calls.ts';
import type { Outcome } from '../facts.ts';
import type { Reaction, ReactionSubject } from '../gateway.ts';

const BASE = 'POST /repos/{owner}/{repo}/issues';

/** Reacts to a comment or to a pull request itself. GitHub keeps one reaction of a kind for each account. */
export async function createReaction(
  calls: Calls,
  target: { readonly repo: string; readonly subject: Exclude<ReactionSubject, { kind: 'review' }> },
  content: Reaction,
): Promise<Outcome> {
  const { subject } = target;
  const address =
    subject.kind === 'comment'
      ? { route: `${BASE}/comments/{comment_id}/reactions`, parameters: { comment_id: subject.id } }
      : { route: `${BASE}/{issue_number}/reactions`, parameters: { issue_number: subject.number } };
  const answer = await calls.rest({
    operation: 'react',
    kind: 'repeatable',
    route: address.route,
    parameters: { ...splitRepository(target.repo), ...address.parameters, content },
    expected: OUTCOMES,
  });
  return toOutcome(answer);
}
