import { editIssue } from '../acts/edit-issue.ts';
import { addLabels, createIssue, tell } from '../acts/issues.ts';
import { setLabels } from '../acts/labels.ts';
import { editPull } from '../acts/pulls.ts';
import { labelByName } from '../acts/repositories.ts';
import { forbidden, invalid, Refused } from '../errors.ts';
import {
  caller,
  created,
  DONE,
  needText,
  ok,
  pageOf,
  repositoryOf,
  text,
  texts,
  type Call,
  type Reply,
} from '../http/call.ts';
import { route } from '../http/router.ts';
import { issueJson } from '../json/issue.ts';
import { includes, permissionOf } from '../state/permissions.ts';
import { isPull } from '../state/state.ts';

import { assigneeRoutes, setAssignees, setMilestone } from './issue-fields.ts';
import { reactionRoutes } from './reactions.ts';
import { type Place, issueOf, AT } from './issue.ts';
import { issueLabelRoutes } from './issue-labels.ts';
import { issueCommentRoutes } from './issue-comments.ts';

function list(call: Call): Reply {
  const repository = repositoryOf(call);
  const state = call.query.get('state') ?? 'open';
  const labels = (call.query.get('labels') ?? '').split(',').filter(Boolean);
  const since = call.query.get('since');
  const creator = call.query.get('creator');
  const found = [...repository.issues.values()].filter((one) => {
    if (state !== 'all' && one.state !== state) return false;
    if (since !== null && one.updatedAt < since) return false;
    if (creator !== null && call.state.users.get(one.authorId)?.login !== creator) return false;
    return labels.every((name) => one.labels.includes(labelByName(repository, name)?.id ?? -1));
  });
  if (call.query.get('direction') !== 'asc') found.reverse();
  return pageOf(call, {
    length: found.length,
    slice: (from, to) => found.slice(from, to).map((one) => issueJson(call, repository, one)),
  });
}

/** What only those with a right there may give a new issue; GitHub passes it over from others. */
async function furnish(call: Call, { repository, issue }: Place): Promise<void> {
  const { body } = call;
  const names = texts(body['labels']) ?? [];
  await addLabels(call.sim, repository, { issue, names, by: caller(call) });
  await setAssignees(call, { repository, issue }, texts(body['assignees']) ?? []);
  if ('milestone' in body) await setMilestone(call, { repository, issue }, body['milestone']);
}

async function create(call: Call): Promise<Reply> {
  const repository = repositoryOf(call);
  if (!repository.hasIssues) throw new Refused(410, 'Issues has been disabled in this repository.');
  const by = caller(call);
  const issue = await createIssue(call.sim, repository, {
    title: needText(call, 'title', 'Issue'),
    body: text(call, 'body') ?? null,
    by,
  });
  if (includes(permissionOf(call.state, repository, by), 'triage'))
    await furnish(call, { repository, issue });
  return created(issueJson(call, repository, issue));
}

function mustEdit(call: Call, place: Place, authorId: number): void {
  const user = caller(call);
  if (user.id !== authorId && !includes(permissionOf(call.state, place.repository, user), 'write'))
    throw forbidden();
}

async function edit(call: Call): Promise<Reply> {
  const place = issueOf(call);
  const { repository, issue } = place;
  mustEdit(call, place, issue.authorId);
  const by = caller(call);
  const state = text(call, 'state');
  if (state !== undefined && state !== 'open' && state !== 'closed')
    throw invalid({ resource: 'Issue', field: 'state', code: 'invalid' });
  const title = text(call, 'title');
  const body = 'body' in call.body ? (text(call, 'body') ?? null) : undefined;
  if (isPull(issue)) await editPull(call.sim, repository, { issue, by, title, body, state });
  else {
    const reason = text(call, 'state_reason') === 'not_planned' ? 'not_planned' : 'completed';
    await editIssue(call.sim, repository, { issue, by, title, body, state, reason });
  }
  const labels = texts(call.body['labels']);
  if (labels) await setLabels(call.sim, repository, { issue, names: labels, by });
  const assignees = texts(call.body['assignees']);
  if (assignees) await setAssignees(call, place, assignees);
  if ('milestone' in call.body) await setMilestone(call, place, call.body['milestone']);
  return ok(issueJson(call, repository, issue));
}

async function lock(call: Call): Promise<Reply> {
  const { repository, issue } = issueOf(call, 'write');
  issue.locked = call.method === 'PUT';
  await tell(call.sim, repository, {
    issue,
    action: issue.locked ? 'locked' : 'unlocked',
    by: caller(call),
  });
  return DONE;
}

export const issueRoutes = [
  route('GET', AT, 'issues/list-for-repo', list),
  route('POST', AT, 'issues/create', create),
  ...issueCommentRoutes,
  ...reactionRoutes(`${AT}/{issue_number}`, 'issue', (call) => issueOf(call).issue),
  route('GET', `${AT}/{issue_number}`, 'issues/get', (call) => {
    const { repository, issue } = issueOf(call);
    return ok(issueJson(call, repository, issue));
  }),
  route('PATCH', `${AT}/{issue_number}`, 'issues/update', edit),
  ...assigneeRoutes,
  ...issueLabelRoutes,
  route('PUT', `${AT}/{issue_number}/lock`, 'issues/lock', lock),
  route('DELETE', `${AT}/{issue_number}/lock`, 'issues/unlock', lock),
];
