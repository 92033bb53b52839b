import { readAs, splitRepository } from '../answer.ts';
import type { Calls } from '../calls.ts';
import type { Comment } from '../facts.ts';
import { commentShape } from '../shapes.ts';

const call = {
  operation: 'comment',
  kind: 'once',
  route: 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
} as const;

/** Posts a comment, once. */
export async function createIssueComment(
  calls: Calls,
  issue: { readonly repo: string; readonly number: number },
  body: string,
): Promise<Comment> {
  const parameters = { ...splitRepository(issue.repo), issue_number: issue.number, body };
  const { data } = await calls.rest({ ...call, parameters });
  return readAs(commentShape, data, call);
}
