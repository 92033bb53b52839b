import { readAs, splitRepository } from '../answer.ts';
import type { Calls } from '../calls.ts';
import type { PullRequestSummary } from '../facts.ts';
import { explain } from '../failures.ts';
import type { NewPullRequest } from '../gateway.ts';
import { pullRequestShape } from '../shapes.ts';

const call = {
  operation: 'createPullRequest',
  kind: 'once',
  route: 'POST /repos/{owner}/{repo}/pulls',
} as const;

/** Opens a pull request, once. `refused` also when there is one already: GitHub has no code of its own for that. */
export async function createPull(
  calls: Calls,
  { repo, headRepository, ...pull }: NewPullRequest,
): Promise<
  | { readonly kind: 'created'; readonly pullRequest: PullRequestSummary }
  | { readonly kind: 'refused'; readonly detail: string }
> {
  const from =
    headRepository === undefined ? {} : { head_repo: splitRepository(headRepository).repo };
  const answer = await calls.rest({
    ...call,
    parameters: { ...splitRepository(repo), ...pull, ...from },
    expected: [422],
  });
  if (answer.status === 422) return { kind: 'refused', detail: explain(answer.data) };
  return { kind: 'created', pullRequest: readAs(pullRequestShape, answer.data, call) };
}
