import { invalid, Refused } from '../errors.ts';
import { commentJson, issueOfWebhook, labelJson } from '../json/issue.ts';
import { briefTeams, fullPullJson } from '../json/pull.ts';
import type { Json } from '../json/user.ts';
import type { Sim } from '../sim.ts';
import { isPull, nextId, stamp, type PullIssue } from '../state/state.ts';
import type { Comment, Issue, Label, Reaction, Repository, User } from '../state/types.ts';
import { emit } from '../webhooks/emit.ts';
import { pullFigures } from './figures.ts';
import { createLabel, labelByName } from './repositories.ts';
import { isReaction } from '../json/issue.ts';

/** GitHub's limit of a comment or a body, in characters. */
const LONGEST_BODY = 65_536;
const LONGEST_TITLE = 256;

/** Refuses texts GitHub refuses. */
export function checkTexts(
  resource: string,
  texts: { title?: string; body?: string | null },
): void {
  const tooLong = (field: string, most: number) =>
    invalid({
      resource,
      field,
      code: 'custom',
      message: `${field} is too long (maximum is ${most} characters)`,
    });
  if (texts.title?.trim() === '')
    throw invalid({ resource, field: 'title', code: 'missing_field' });
  if (texts.title && Array.from(texts.title).length > LONGEST_TITLE)
    throw tooLong('title', LONGEST_TITLE);
  if (texts.body && texts.body.length > LONGEST_BODY) throw tooLong('body', LONGEST_BODY);
}

/** A new issue record with the next number of its repository. */
export function newIssue(
  sim: Sim,
  repository: Repository,
  wanted: { title: string; body: string | null; authorId: number },
): Issue {
  const now = stamp();
  const number = repository.nextNumber;
  repository.nextNumber += 1;
  const issue: Issue = {
    id: nextId(sim.state),
    repositoryId: repository.id,
    number,
    authorId: wanted.authorId,
    title: wanted.title,
    body: wanted.body,
    state: 'open',
    stateReason: null,
    labels: [],
    assignees: [],
    milestone: null,
    locked: false,
    commentIds: [],
    reactions: [],
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    closedById: null,
    pull: null,
  };
  repository.issues.set(number, issue);
  return issue;
}

/** The pull request as webhooks carry it: with figures, without trying the merge. */
async function pullPayload(sim: Sim, repository: Repository, issue: PullIssue): Promise<Json> {
  const figures = await pullFigures(sim, repository, issue, 'untried');
  const view = { sim, state: sim.state };
  const whole = fullPullJson(view, repository, { issue, figures, mergeState: 'unknown' });
  return { ...whole, requested_teams: briefTeams(view, issue.pull) };
}

/** Tells of something that happened to an issue or pull request, by the event that fits it. */
export async function tell(
  sim: Sim,
  repository: Repository,
  what: { issue: Issue; action: string; by: User; more?: Json },
): Promise<void> {
  const { issue, action, by, more } = what;
  if (isPull(issue)) {
    const pull_request = await pullPayload(sim, repository, issue);
    emit(sim, {
      event: 'pull_request',
      action,
      repository,
      sender: by,
      payload: { number: issue.number, pull_request, ...more },
    });
  } else {
    const payload = {
      issue: issueOfWebhook({ sim, state: sim.state }, repository, issue),
      ...more,
    };
    emit(sim, { event: 'issues', action, repository, sender: by, payload });
  }
}

/** Opens an issue. */
export async function createIssue(
  sim: Sim,
  repository: Repository,
  wanted: { title: string; body: string | null; by: User },
): Promise<Issue> {
  checkTexts('Issue', wanted);
  const issue = newIssue(sim, repository, { ...wanted, authorId: wanted.by.id });
  await tell(sim, repository, { issue, action: 'opened', by: wanted.by });
  return issue;
}

/** Adds a comment to an issue or pull request. */
export function addComment(
  sim: Sim,
  repository: Repository,
  wanted: { issue: Issue; body: string; by: User },
): Comment {
  const { issue, body, by } = wanted;
  if (body.trim() === '')
    throw invalid({ resource: 'IssueComment', field: 'body', code: 'missing_field' });
  checkTexts('IssueComment', { body });
  if (
    issue.locked &&
    by.id !== repository.ownerId &&
    !repository.collaborators.has(by.id) &&
    !by.siteAdmin
  )
    throw new Refused(403, 'Unable to create comment because issue is locked.');
  const now = stamp();
  const comment: Comment = {
    id: nextId(sim.state),
    repositoryId: repository.id,
    number: issue.number,
    authorId: by.id,
    body,
    createdAt: now,
    updatedAt: now,
    reactions: [],
    minimized: null,
  };
  sim.state.comments.set(comment.id, comment);
  issue.commentIds.push(comment.id);
  issue.updatedAt = now;
  tellComment(sim, repository, { comment, action: 'created', by });
  return comment;
}

/** Changes the text of a comment. */
export function editComment(
  sim: Sim,
  repository: Repository,
  change: { comment: Comment; body: string; by: User },
): void {
  const { comment, body, by } = change;
  checkTexts('IssueComment', { body });
  const from = comment.body;
  comment.body = body;
  comment.updatedAt = stamp();
  const more = { changes: { body: { from } } };
  tellComment(sim, repository, { comment, action: 'edited', by, more });
}

/** Deletes a comment. */
export function deleteComment(
  sim: Sim,
  repository: Repository,
  what: { comment: Comment; by: User },
) {
  const { comment, by } = what;
  const issue = repository.issues.get(comment.number);
  tellComment(sim, repository, { comment, action: 'deleted', by });
  sim.state.comments.delete(comment.id);
  if (issue) issue.commentIds = issue.commentIds.filter((id) => id !== comment.id);
}

function tellComment(
  sim: Sim,
  repository: Repository,
  what: { comment: Comment; action: string; by: User; more?: Json },
): void {
  const { comment, action, by } = what;
  const issue = repository.issues.get(comment.number);
  if (!issue) return;
  const view = { sim, state: sim.state };
  const payload = {
    issue: issueOfWebhook(view, repository, issue),
    comment: commentJson(view, repository, comment),
    ...what.more,
  };
  emit(sim, { event: 'issue_comment', action, repository, sender: by, payload });
}

/** Closes or reopens a plain issue (pull requests have their own rules). */
export async function setIssueState(
  sim: Sim,
  repository: Repository,
  change: { issue: Issue; state: 'open' | 'closed'; by: User; reason?: Issue['stateReason'] },
): Promise<void> {
  const { issue, state, by } = change;
  if (issue.state === state) return;
  const now = stamp();
  issue.state = state;
  issue.updatedAt = now;
  issue.closedAt = state === 'closed' ? now : null;
  issue.closedById = state === 'closed' ? by.id : null;
  issue.stateReason = state === 'open' ? 'reopened' : (change.reason ?? 'completed');
  await tell(sim, repository, { issue, action: state === 'open' ? 'reopened' : 'closed', by });
}

/** Puts labels on an issue or pull request; unknown ones are made, as the REST interface does. */
export async function addLabels(
  sim: Sim,
  repository: Repository,
  what: { issue: Issue; names: readonly string[]; by: User },
): Promise<void> {
  for (const name of what.names) {
    const label = labelByName(repository, name) ?? createLabel(sim, repository, { name });
    if (what.issue.labels.includes(label.id)) continue;
    what.issue.labels.push(label.id);
    await tellLabel(sim, repository, { ...what, label, action: 'labeled' });
  }
}

/** Takes labels off. */
export async function removeLabels(
  sim: Sim,
  repository: Repository,
  what: { issue: Issue; labels: readonly Label[]; by: User },
): Promise<void> {
  for (const label of what.labels) {
    if (!what.issue.labels.includes(label.id)) continue;
    what.issue.labels = what.issue.labels.filter((id) => id !== label.id);
    await tellLabel(sim, repository, { ...what, label, action: 'unlabeled' });
  }
}

async function tellLabel(
  sim: Sim,
  repository: Repository,
  what: { issue: Issue; label: Label; action: string; by: User },
): Promise<void> {
  what.issue.updatedAt = stamp();
  const label = labelJson({ sim, state: sim.state }, repository, what.label);
  await tell(sim, repository, { ...what, more: { label } });
}

/** Adds a reaction; the same one of the same account is the answer when it is there. */
export function addReaction(
  sim: Sim,
  list: Reaction[],
  wanted: { content: string; by: User },
): { reaction: Reaction; isNew: boolean } {
  if (!isReaction(wanted.content))
    throw invalid({ resource: 'Reaction', field: 'content', code: 'invalid' });
  const known = list.find((one) => one.userId === wanted.by.id && one.content === wanted.content);
  if (known) return { reaction: known, isNew: false };
  const reaction = {
    id: nextId(sim.state),
    userId: wanted.by.id,
    content: wanted.content,
    createdAt: stamp(),
  };
  list.push(reaction);
  return { reaction, isNew: true };
}
