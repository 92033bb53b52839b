import type { Json } from '../json/user.ts';
import type { Sim } from '../sim.ts';
import { stamp } from '../state/state.ts';
import type { Issue, Repository, User } from '../state/types.ts';
import { checkTexts, setIssueState, tell } from './issues.ts';

/** What may be changed of a plain issue; what is undefined stays. */
export interface IssueChange {
  readonly issue: Issue;
  readonly by: User;
  readonly title?: string | undefined;
  readonly body?: string | null | undefined;
  readonly state?: 'open' | 'closed' | undefined;
  readonly reason?: 'completed' | 'not_planned' | undefined;
}

/** Changes texts or state of a plain issue; each kind of change is told by its own event. */
export async function editIssue(
  sim: Sim,
  repository: Repository,
  change: IssueChange,
): Promise<void> {
  const { issue, by, title, body, state, reason = 'completed' } = change;
  checkTexts('Issue', { ...(title === undefined ? {} : { title }), body: body ?? null });
  const changes: Json = {};
  if (title !== undefined && title !== issue.title) {
    changes['title'] = { from: issue.title };
    issue.title = title;
  }
  if (body !== undefined && body !== issue.body) {
    changes['body'] = { from: issue.body ?? '' };
    issue.body = body;
  }
  issue.updatedAt = stamp();
  if (Object.keys(changes).length > 0)
    await tell(sim, repository, { issue, action: 'edited', by, more: { changes } });
  if (state) await setIssueState(sim, repository, { issue, state, by, reason });
}
