import { notFound } from '../errors.ts';
import { numberParam, repositoryOf, type Call } from '../http/call.ts';
import type { Issue, Permission, Repository } from '../state/types.ts';

/** An issue with the repository it is in. */
export interface Place {
  readonly repository: Repository;
  readonly issue: Issue;
}

/** The issue in the path, for those who may. @throws Refused 404, 403. */
export function issueOf(call: Call, needs: Permission = 'read'): Place {
  const repository = repositoryOf(call, needs);
  const issue = repository.issues.get(numberParam(call, 'issue_number'));
  if (!issue) throw notFound();
  return { repository, issue };
}

/** Where issues are. */
export const AT = '/repos/{owner}/{repo}/issues';
