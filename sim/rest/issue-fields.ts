import { assign, setAssignees as giveTo, setMilestone as moveTo } from '../acts/involve.ts';
import { caller, texts, type Call, type Reply } from '../http/call.ts';
import { route } from '../http/router.ts';
import { issueJson } from '../json/issue.ts';
import { userByLogin } from '../state/state.ts';
import { AT, issueOf, type Place } from './issue.ts';

/** Gives an issue just these assignees; unknown ones are passed over, as GitHub does. */
export async function setAssignees(
  call: Call,
  { repository, issue }: Place,
  logins: readonly string[],
): Promise<void> {
  const ids = logins.flatMap((login) => userByLogin(call.state, login)?.id ?? []);
  await giveTo(call.sim, repository, { issue, ids, by: caller(call) });
}

/** Moves an issue to the milestone of a body; everything but a number is none. @throws Refused 422. */
export async function setMilestone(
  call: Call,
  { repository, issue }: Place,
  wanted: unknown,
): Promise<void> {
  const number = typeof wanted === 'number' ? wanted : null;
  await moveTo(call.sim, repository, { issue, number, by: caller(call) });
}

async function changeAssignees(call: Call): Promise<Reply> {
  const { repository, issue } = issueOf(call, 'triage');
  const adds = call.method === 'POST';
  for (const login of texts(call.body['assignees']) ?? []) {
    const user = userByLogin(call.state, login);
    if (user) await assign(call.sim, repository, { issue, id: user.id, adds, by: caller(call) });
  }
  return { status: adds ? 201 : 200, body: issueJson(call, repository, issue) };
}

/** The calls that add and take away assignees. */
export const assigneeRoutes = [
  route('POST', `${AT}/{issue_number}/assignees`, 'issues/add-assignees', changeAssignees),
  route('DELETE', `${AT}/{issue_number}/assignees`, 'issues/remove-assignees', changeAssignees),
];
