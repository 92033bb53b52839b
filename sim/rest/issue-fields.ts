import { tell } from '../acts/issues.ts';
import { invalid } from '../errors.ts';
import { caller, texts, type Call, type Reply } from '../http/call.ts';
import { route } from '../http/router.ts';
import { issueJson, milestoneOf } from '../json/issue.ts';
import { userById } from '../json/user.ts';
import { userByLogin } from '../state/state.ts';
import { AT, issueOf, type Place } from './issue.ts';

/** Gives an issue just these assignees; each change is told. */
export async function setAssignees(
  call: Call,
  place: Place,
  logins: readonly string[],
): Promise<void> {
  const wanted = logins.flatMap((login) => userByLogin(call.state, login)?.id ?? []);
  for (const id of place.issue.assignees.filter((one) => !wanted.includes(one)))
    await assign(call, place, { id, adds: false });
  for (const id of wanted) await assign(call, place, { id, adds: true });
}

async function assign(
  call: Call,
  { repository, issue }: Place,
  { id, adds }: { id: number; adds: boolean },
): Promise<void> {
  if (issue.assignees.includes(id) === adds) return;
  issue.assignees = adds ? [...issue.assignees, id] : issue.assignees.filter((one) => one !== id);
  await tell(call.sim, repository, {
    issue,
    action: adds ? 'assigned' : 'unassigned',
    by: caller(call),
    more: { assignee: userById(call, id) },
  });
}

async function changeAssignees(call: Call): Promise<Reply> {
  const place = issueOf(call, 'triage');
  const adds = call.method === 'POST';
  for (const login of texts(call.body['assignees']) ?? []) {
    const user = userByLogin(call.state, login);
    if (user) await assign(call, place, { id: user.id, adds });
  }
  return { status: adds ? 201 : 200, body: issueJson(call, place.repository, place.issue) };
}

/**
 * Moves an issue to another milestone (null: to none); leaving and joining are told apart.
 *
 * @throws Refused 422 when there is no such milestone.
 */
export async function setMilestone(call: Call, place: Place, wanted: unknown): Promise<void> {
  const { repository, issue } = place;
  const number = typeof wanted === 'number' ? wanted : null;
  if (number !== null && !repository.milestones.has(number))
    throw invalid({ resource: 'Issue', field: 'milestone', code: 'invalid' });
  if (number === issue.milestone) return;
  await tellMilestone(call, place, 'demilestoned');
  issue.milestone = number;
  await tellMilestone(call, place, 'milestoned');
}

/** `demilestoned` is told while the issue still has the milestone it names. */
async function tellMilestone(
  call: Call,
  { repository, issue }: Place,
  action: 'milestoned' | 'demilestoned',
): Promise<void> {
  const milestone = milestoneOf(call, repository, issue);
  if (milestone)
    await tell(call.sim, repository, { issue, action, by: caller(call), more: { milestone } });
}

/** The calls that add and take away assignees. */
export const assigneeRoutes = [
  route('POST', `${AT}/{issue_number}/assignees`, 'issues/add-assignees', changeAssignees),
  route('DELETE', `${AT}/{issue_number}/assignees`, 'issues/remove-assignees', changeAssignees),
];
