import { permissionOf } from '../state/permissions.ts';
import { isPull, userOf } from '../state/state.ts';
import type {
  Comment,
  CommitComment,
  Issue,
  Label,
  Milestone,
  Reaction,
  Repository,
} from '../state/types.ts';
import { repositoryApi, repositoryHtml } from './repository.ts';
import { maybeUser, nodeId, userById, type Json, type View } from './user.ts';
import { without } from './without.ts';

const REACTIONS = ['+1', '-1', 'laugh', 'confused', 'heart', 'hooray', 'eyes', 'rocket'] as const;

/** Whether GitHub has such a reaction. */
export function isReaction(content: string): boolean {
  return REACTIONS.some((one) => one === content);
}

/** Counts by kind. */
export function reactionsJson(reactions: readonly Reaction[], url: string): Json {
  const json: Json = { url: `${url}/reactions`, total_count: reactions.length };
  for (const kind of REACTIONS) json[kind] = reactions.filter((one) => one.content === kind).length;
  return json;
}

/** One reaction. */
export function reactionJson(view: View, reaction: Reaction): Json {
  return {
    id: reaction.id,
    node_id: nodeId('REA', reaction.id),
    user: userById(view, reaction.userId),
    content: reaction.content,
    created_at: reaction.createdAt,
  };
}

/** A label of a repository. */
export function labelJson(view: View, repository: Repository, label: Label): Json {
  return {
    id: label.id,
    node_id: nodeId('LA', label.id),
    url: `${repositoryApi(view, repository)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: false,
    description: label.description,
  };
}

/** The labels of an issue. */
export function labelsJson(view: View, repository: Repository, ids: readonly number[]): Json[] {
  return ids.flatMap((id) => {
    const label = repository.labels.get(id);
    return label ? [labelJson(view, repository, label)] : [];
  });
}

/** How the author stands to the repository. */
export function association(view: View, repository: Repository, authorId: number): string {
  if (authorId === repository.ownerId) return 'OWNER';
  if (view.state.members.get(repository.ownerId)?.has(authorId)) return 'MEMBER';
  if (repository.collaborators.has(authorId)) return 'COLLABORATOR';
  const permission = permissionOf(view.state, repository, userOf(view.state, authorId));
  return permission === 'read' || permission === 'none' ? 'NONE' : 'COLLABORATOR';
}

/** A milestone. */
export function milestoneJson(view: View, repository: Repository, one: Milestone): Json {
  const api = `${repositoryApi(view, repository)}/milestones/${one.number}`;
  const issues = [...repository.issues.values()].filter((issue) => issue.milestone === one.number);
  return {
    url: api,
    html_url: `${repositoryHtml(view, repository)}/milestone/${one.number}`,
    labels_url: `${api}/labels`,
    id: one.id,
    node_id: nodeId('MI', one.id),
    number: one.number,
    title: one.title,
    description: one.description,
    creator: userById(view, one.creatorId),
    open_issues: issues.filter((issue) => issue.state === 'open').length,
    closed_issues: issues.filter((issue) => issue.state === 'closed').length,
    state: one.state,
    created_at: one.createdAt,
    updated_at: one.updatedAt,
    due_on: one.dueOn,
    closed_at: one.closedAt,
  };
}

/** The milestone of an issue, or null. */
export function milestoneOf(view: View, repository: Repository, issue: Issue): Json | null {
  const found = issue.milestone === null ? undefined : repository.milestones.get(issue.milestone);
  return found ? milestoneJson(view, repository, found) : null;
}

/** An issue, or the issue side of a pull request. */
export function issueJson(view: View, repository: Repository, issue: Issue): Json {
  const api = `${repositoryApi(view, repository)}/issues/${issue.number}`;
  const html = repositoryHtml(view, repository);
  const pulls = `${repositoryApi(view, repository)}/pulls/${issue.number}`;
  const page = `${html}/${isPull(issue) ? 'pull' : 'issues'}/${issue.number}`;
  return {
    url: api,
    repository_url: repositoryApi(view, repository),
    labels_url: `${api}/labels{/name}`,
    comments_url: `${api}/comments`,
    events_url: `${api}/events`,
    html_url: page,
    id: issue.id,
    node_id: isPull(issue) ? nodeId('PR', issue.pull.id) : nodeId('I', issue.id),
    number: issue.number,
    title: issue.title,
    user: userById(view, issue.authorId),
    labels: labelsJson(view, repository, issue.labels),
    state: issue.state,
    locked: issue.locked,
    assignee: maybeUser(view, issue.assignees[0] ?? null),
    assignees: issue.assignees.map((id) => userById(view, id)),
    milestone: milestoneOf(view, repository, issue),
    comments: issue.commentIds.length,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    author_association: association(view, repository, issue.authorId),
    active_lock_reason: null,
    ...(isPull(issue)
      ? {
          draft: issue.pull.draft,
          pull_request: {
            url: pulls,
            html_url: page,
            diff_url: `${page}.diff`,
            patch_url: `${page}.patch`,
            merged_at: issue.pull.mergedAt,
          },
        }
      : {}),
    body: issue.body,
    closed_by: maybeUser(view, issue.closedById),
    reactions: reactionsJson(issue.reactions, api),
    timeline_url: `${api}/timeline`,
    performed_via_github_app: null,
    state_reason: issue.stateReason,
  };
}

/** A comment of an issue or pull request. */
export function commentJson(view: View, repository: Repository, comment: Comment): Json {
  const api = repositoryApi(view, repository);
  const kind = isPull(repository.issues.get(comment.number)) ? 'pull' : 'issues';
  const page = `${repositoryHtml(view, repository)}/${kind}/${comment.number}`;
  const url = `${api}/issues/comments/${comment.id}`;
  return {
    url,
    html_url: `${page}#issuecomment-${comment.id}`,
    issue_url: `${api}/issues/${comment.number}`,
    id: comment.id,
    node_id: nodeId('IC', comment.id),
    user: userById(view, comment.authorId),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: association(view, repository, comment.authorId),
    body: comment.body,
    reactions: reactionsJson(comment.reactions, url),
    performed_via_github_app: null,
  };
}

/** A comment of a commit. */
export function commitCommentJson(view: View, repository: Repository, one: CommitComment): Json {
  const url = `${repositoryApi(view, repository)}/comments/${one.id}`;
  const page = `${repositoryHtml(view, repository)}/commit/${one.sha}`;
  return {
    url,
    html_url: `${page}#commitcomment-${one.id}`,
    id: one.id,
    node_id: nodeId('CC', one.id),
    user: userById(view, one.authorId),
    position: one.position,
    line: one.line,
    path: one.path,
    commit_id: one.sha,
    created_at: one.createdAt,
    updated_at: one.updatedAt,
    author_association: association(view, repository, one.authorId),
    body: one.body,
    reactions: reactionsJson(one.reactions, url),
  };
}

/** An issue as webhooks carry it: they do not say who closed it. */
export function issueOfWebhook(view: View, repository: Repository, issue: Issue): Json {
  return without(issueJson(view, repository, issue), 'closed_by');
}
