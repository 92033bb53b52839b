import { listAll, onceEach, splitRepository } from '../answer.ts';
import type { Calls } from '../calls.ts';
import type { Comment } from '../facts.ts';
import { commentShape } from '../shapes.ts';

/**
 * The conversation of an issue or pull request, oldest first.
 *
 * @param issue.since leaves out what was neither created nor edited since then. GitHub counts whole seconds.
 */
export async function listIssueComments(
  calls: Calls,
  issue: { readonly repo: string; readonly number: number; readonly since?: Date },
): Promise<readonly Comment[]> {
  const since = issue.since === undefined ? {} : { since: wholeSeconds(issue.since) };
  const all = await listAll(calls, {
    operation: issue.since === undefined ? 'pullRequestComments' : 'commentsSince',
    route: 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
    parameters: { ...splitRepository(issue.repo), issue_number: issue.number, ...since },
    item: commentShape,
  });
  return onceEach(all).sort((a, b) => Number(a.createdAt) - Number(b.createdAt) || a.id - b.id);
}

/** Rounded down, so that nothing of the second is lost. */
function wholeSeconds(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}
