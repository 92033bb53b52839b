import {
  addComment,
  addLabels,
  createIssue,
  deleteComment,
  editComment,
  removeLabels,
  setIssueState,
  tell,
  checkTexts,
} from '../acts/issues.ts';
import { editPull } from '../acts/pulls.ts';
import { labelByName } from '../acts/repositories.ts';
import { forbidden, invalid, notFound, Refused } from '../errors.ts';
import {
  caller,
  created,
  DONE,
  needText,
  numberParam,
  ok,
  pageOf,
  paged,
  param,
  repositoryOf,
  text,
  texts,
  type Call,
  type Reply,
} from '../http/call.ts';
import { route } from '../http/router.ts';
import { commentJson, issueJson, labelsJson } from '../json/issue.ts';
import { includes, permissionOf } from '../state/permissions.ts';
import { isPull, stamp, userByLogin } from '../state/state.ts';
import type { Comment, Issue, Permission, Repository } from '../state/types.ts';
import { userById } from '../json/user.ts';

import { reactionRoutes } from './reactions.ts';

interface Place {
  readonly repository: Repository;
  readonly issue: Issue;
}

function issueOf(call: Call, needs: Permission = 'read'): Place {
  const repository = repositoryOf(call, needs);
  const issue = repository.issues.get(numberParam(call, 'issue_number'));
  if (!issue) throw notFound();
  return { repository, issue };
}

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

async function create(call: Call): Promise<Reply> {
  const repository = repositoryOf(call);
  if (!repository.hasIssues) throw new Refused(410, 'Issues has been disabled in this repository.');
  const by = caller(call);
  const issue = await createIssue(call.sim, repository, {
    title: needText(call, 'title', 'Issue'),
    body: text(call, 'body') ?? null,
    by,
  });
  await addLabels(call.sim, repository, { issue, names: texts(call.body['labels']) ?? [], by });
  setAssignees(call, { repository, issue }, texts(call.body['assignees']) ?? []);
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
  else await editPlain(call, place, { title, body, state });
  const labels = texts(call.body['labels']);
  if (labels) await replaceLabels(call, place, labels);
  const assignees = texts(call.body['assignees']);
  if (assignees) setAssignees(call, place, assignees);
  if ('milestone' in call.body)
    issue.milestone = typeof call.body['milestone'] === 'number' ? call.body['milestone'] : null;
  return ok(issueJson(call, repository, issue));
}

async function editPlain(
  call: Call,
  { repository, issue }: Place,
  change: {
    title: string | undefined;
    body: string | null | undefined;
    state: 'open' | 'closed' | undefined;
  },
): Promise<void> {
  const by = caller(call);
  checkTexts('Issue', {
    ...(change.title === undefined ? {} : { title: change.title }),
    body: change.body ?? null,
  });
  const changes: Record<string, unknown> = {};
  if (change.title !== undefined && change.title !== issue.title) {
    changes['title'] = { from: issue.title };
    issue.title = change.title;
  }
  if (change.body !== undefined && change.body !== issue.body) {
    changes['body'] = { from: issue.body ?? '' };
    issue.body = change.body;
  }
  issue.updatedAt = stamp();
  if (Object.keys(changes).length > 0)
    await tell(call.sim, repository, { issue, action: 'edited', by, more: { changes } });
  const reason = text(call, 'state_reason') === 'not_planned' ? 'not_planned' : 'completed';
  if (change.state)
    await setIssueState(call.sim, repository, { issue, state: change.state, by, reason });
}

function setAssignees(call: Call, { issue }: Place, logins: readonly string[]): void {
  issue.assignees = logins.flatMap((login) => userByLogin(call.state, login)?.id ?? []);
}

async function changeAssignees(call: Call): Promise<Reply> {
  const place = issueOf(call, 'triage');
  const { repository, issue } = place;
  const adds = call.method === 'POST';
  for (const login of texts(call.body['assignees']) ?? []) {
    const user = userByLogin(call.state, login);
    if (!user || issue.assignees.includes(user.id) === adds) continue;
    issue.assignees = adds
      ? [...issue.assignees, user.id]
      : issue.assignees.filter((id) => id !== user.id);
    await tell(call.sim, repository, {
      issue,
      action: adds ? 'assigned' : 'unassigned',
      by: caller(call),
      more: { assignee: userById(call, user.id) },
    });
  }
  return { status: adds ? 201 : 200, body: issueJson(call, repository, issue) };
}

function comments(call: Call, repository: Repository, list: readonly Comment[]): Reply {
  const since = call.query.get('since');
  const found = since === null ? list : list.filter((one) => one.updatedAt >= since);
  return pageOf(call, {
    length: found.length,
    slice: (from, to) => found.slice(from, to).map((one) => commentJson(call, repository, one)),
  });
}

function listComments(call: Call): Reply {
  const { repository, issue } = issueOf(call);
  return comments(
    call,
    repository,
    issue.commentIds.flatMap((id) => call.state.comments.get(id) ?? []),
  );
}

function listRepositoryComments(call: Call): Reply {
  const repository = repositoryOf(call);
  const all = [...call.state.comments.values()].filter((one) => one.repositoryId === repository.id);
  if (call.query.get('sort') === 'updated')
    all.sort((a, b) => a.updatedAt.localeCompare(b.updatedAt));
  if (call.query.get('direction') === 'desc') all.reverse();
  return comments(call, repository, all);
}

function createComment(call: Call): Reply {
  const { repository, issue } = issueOf(call);
  const by = caller(call);
  if (repository.archived) throw new Refused(403, 'Repository was archived so is read-only.');
  const comment = addComment(call.sim, repository, { issue, body: text(call, 'body') ?? '', by });
  return created(commentJson(call, repository, comment));
}

function commentOf(call: Call): { repository: Repository; comment: Comment } {
  const repository = repositoryOf(call);
  const comment = call.state.comments.get(numberParam(call, 'comment_id'));
  if (comment?.repositoryId !== repository.id) throw notFound();
  return { repository, comment };
}

function changeComment(call: Call): Reply {
  const { repository, comment } = commentOf(call);
  const by = caller(call);
  if (by.id !== comment.authorId && !includes(permissionOf(call.state, repository, by), 'write'))
    throw forbidden();
  if (call.method === 'DELETE') {
    deleteComment(call.sim, repository, { comment, by });
    return DONE;
  }
  editComment(call.sim, repository, { comment, body: needText(call, 'body', 'IssueComment'), by });
  return ok(commentJson(call, repository, comment));
}

function labelNames(call: Call): string[] {
  return texts(Array.isArray(call.raw) ? call.raw : call.body['labels']) ?? [];
}

async function addIssueLabels(call: Call): Promise<Reply> {
  const { repository, issue } = issueOf(call, 'triage');
  await addLabels(call.sim, repository, { issue, names: labelNames(call), by: caller(call) });
  return ok(labelsJson(call, repository, issue.labels));
}

async function replaceLabels(
  call: Call,
  { repository, issue }: Place,
  names: readonly string[],
): Promise<void> {
  const by = caller(call);
  const keep = names.map((name) => name.toLowerCase());
  const gone = issue.labels
    .flatMap((id) => repository.labels.get(id) ?? [])
    .filter((one) => !keep.includes(one.name.toLowerCase()));
  await removeLabels(call.sim, repository, { issue, labels: gone, by });
  await addLabels(call.sim, repository, { issue, names, by });
}

async function setIssueLabels(call: Call): Promise<Reply> {
  const place = issueOf(call, 'triage');
  await replaceLabels(call, place, call.method === 'DELETE' ? [] : labelNames(call));
  return call.method === 'DELETE'
    ? DONE
    : ok(labelsJson(call, place.repository, place.issue.labels));
}

async function removeIssueLabel(call: Call): Promise<Reply> {
  const { repository, issue } = issueOf(call, 'triage');
  const label = labelByName(repository, param(call, 'name'));
  if (!label || !issue.labels.includes(label.id)) throw new Refused(404, 'Label does not exist');
  await removeLabels(call.sim, repository, { issue, labels: [label], by: caller(call) });
  return ok(labelsJson(call, repository, issue.labels));
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

const AT = '/repos/{owner}/{repo}/issues';

export const issueRoutes = [
  route('GET', AT, 'issues/list-for-repo', list),
  route('POST', AT, 'issues/create', create),
  route('GET', `${AT}/comments`, 'issues/list-comments-for-repo', listRepositoryComments),
  route('GET', `${AT}/comments/{comment_id}`, 'issues/get-comment', (call) => {
    const { repository, comment } = commentOf(call);
    return ok(commentJson(call, repository, comment));
  }),
  route('PATCH', `${AT}/comments/{comment_id}`, 'issues/update-comment', changeComment),
  route('DELETE', `${AT}/comments/{comment_id}`, 'issues/delete-comment', changeComment),
  ...reactionRoutes(
    `${AT}/comments/{comment_id}`,
    'issue-comment',
    (call) => commentOf(call).comment,
  ),
  ...reactionRoutes(`${AT}/{issue_number}`, 'issue', (call) => issueOf(call).issue),
  route('GET', `${AT}/{issue_number}`, 'issues/get', (call) => {
    const { repository, issue } = issueOf(call);
    return ok(issueJson(call, repository, issue));
  }),
  route('PATCH', `${AT}/{issue_number}`, 'issues/update', edit),
  route('GET', `${AT}/{issue_number}/comments`, 'issues/list-comments', listComments),
  route('POST', `${AT}/{issue_number}/comments`, 'issues/create-comment', createComment),
  route('POST', `${AT}/{issue_number}/assignees`, 'issues/add-assignees', changeAssignees),
  route('DELETE', `${AT}/{issue_number}/assignees`, 'issues/remove-assignees', changeAssignees),
  route('GET', `${AT}/{issue_number}/labels`, 'issues/list-labels-on-issue', (call) => {
    const { repository, issue } = issueOf(call);
    return paged(call, labelsJson(call, repository, issue.labels));
  }),
  route('POST', `${AT}/{issue_number}/labels`, 'issues/add-labels', addIssueLabels),
  route('PUT', `${AT}/{issue_number}/labels`, 'issues/set-labels', setIssueLabels),
  route('DELETE', `${AT}/{issue_number}/labels`, 'issues/remove-all-labels', setIssueLabels),
  route('DELETE', `${AT}/{issue_number}/labels/{name}`, 'issues/remove-label', removeIssueLabel),
  route('PUT', `${AT}/{issue_number}/lock`, 'issues/lock', lock),
  route('DELETE', `${AT}/{issue_number}/lock`, 'issues/unlock', lock),
];
