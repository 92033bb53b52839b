import { invalid, Refused } from '../errors.ts';
import { milestoneOf } from '../json/issue.ts';
import { briefTeamJson, userById } from '../json/user.ts';
import type { Sim } from '../sim.ts';
import { includes, permissionOf } from '../state/permissions.ts';
import type { PullIssue } from '../state/state.ts';
import type { Issue, Repository, Team, User } from '../state/types.ts';
import { tell } from './issues.ts';

/** Adds or takes away one assignee; nothing is told when nothing changes. */
export async function assign(
  sim: Sim,
  repository: Repository,
  what: { issue: Issue; id: number; adds: boolean; by: User },
): Promise<void> {
  const { issue, id, adds, by } = what;
  if (issue.assignees.includes(id) === adds) return;
  issue.assignees = adds ? [...issue.assignees, id] : issue.assignees.filter((one) => one !== id);
  const action = adds ? 'assigned' : 'unassigned';
  const more = { assignee: userById({ sim, state: sim.state }, id) };
  await tell(sim, repository, { issue, action, by, more });
}

/** Gives an issue just these assignees; each change is told. */
export async function setAssignees(
  sim: Sim,
  repository: Repository,
  what: { issue: Issue; ids: readonly number[]; by: User },
): Promise<void> {
  const { issue, ids, by } = what;
  for (const id of issue.assignees.filter((one) => !ids.includes(one)))
    await assign(sim, repository, { issue, id, adds: false, by });
  for (const id of ids) await assign(sim, repository, { issue, id, adds: true, by });
}

/**
 * Moves an issue to another milestone (null: to none); leaving and joining are told apart.
 *
 * @throws Refused 422 when there is no such milestone.
 */
export async function setMilestone(
  sim: Sim,
  repository: Repository,
  what: { issue: Issue; number: number | null; by: User },
): Promise<void> {
  const { issue, number, by } = what;
  if (number !== null && !repository.milestones.has(number))
    throw invalid({ resource: 'Issue', field: 'milestone', code: 'invalid' });
  if (number === issue.milestone) return;
  await tellMilestone(sim, repository, { issue, action: 'demilestoned', by });
  issue.milestone = number;
  await tellMilestone(sim, repository, { issue, action: 'milestoned', by });
}

/** `demilestoned` is told while the issue still has the milestone it names. */
async function tellMilestone(
  sim: Sim,
  repository: Repository,
  what: { issue: Issue; action: 'milestoned' | 'demilestoned'; by: User },
): Promise<void> {
  const milestone = milestoneOf({ sim, state: sim.state }, repository, what.issue);
  if (milestone) await tell(sim, repository, { ...what, more: { milestone } });
}

/** Whose review is asked for, or no longer. */
export interface Reviewers {
  readonly issue: PullIssue;
  readonly users: readonly User[];
  readonly teams: readonly Team[];
  readonly adds: boolean;
  readonly by: User;
}

/**
 * Asks people and teams for a review, or takes that back; each change is told.
 *
 * @throws Refused 422 for the author and for those who cannot see the repository.
 */
export async function requestReviews(
  sim: Sim,
  repository: Repository,
  what: Reviewers,
): Promise<void> {
  const { issue, users, teams, adds, by } = what;
  for (const user of users) mayReview(sim, repository, { issue, user });
  const view = { sim, state: sim.state };
  const action = adds ? 'review_requested' : 'review_request_removed';
  const { pull } = issue;
  for (const { id } of users) {
    if (pull.requestedReviewers.includes(id) === adds) continue;
    pull.requestedReviewers = changed(pull.requestedReviewers, id, adds);
    const more = { requested_reviewer: userById(view, id) };
    await tell(sim, repository, { issue, action, by, more });
  }
  for (const team of teams) {
    if (pull.requestedTeams.includes(team.id) === adds) continue;
    pull.requestedTeams = changed(pull.requestedTeams, team.id, adds);
    const more = { requested_team: briefTeamJson(view, team) };
    await tell(sim, repository, { issue, action, by, more });
  }
}

function changed(ids: readonly number[], id: number, adds: boolean): number[] {
  return adds ? [...ids, id] : ids.filter((one) => one !== id);
}

function mayReview(
  sim: Sim,
  repository: Repository,
  { issue, user }: { issue: PullIssue; user: User },
): void {
  if (user.id === issue.authorId)
    throw new Refused(422, 'Review cannot be requested from pull request author.');
  if (!includes(permissionOf(sim.state, repository, user), 'read'))
    throw new Refused(422, 'Reviews may only be requested from collaborators.');
}
