import { listAll, onceEach, splitRepository } from '../answer.ts';
import type { Calls } from '../calls.ts';
import type { Review } from '../facts.ts';
import { reviewShape } from '../shapes.ts';

/** The submitted reviews, oldest first. */
export async function listReviews(
  calls: Calls,
  repo: string,
  number: number,
): Promise<readonly Review[]> {
  const all = await listAll(calls, {
    operation: 'pullRequestReviews',
    route: 'GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews',
    parameters: { ...splitRepository(repo), pull_number: number },
    item: reviewShape,
  });
  const submitted = all.filter((review) => review !== null);
  return onceEach(submitted).sort(
    (a, b) => Number(a.createdAt) - Number(b.createdAt) || a.id - b.id,
  );
}
