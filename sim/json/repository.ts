import { permissionOf, includes } from '../state/permissions.ts';
import { fullName, isPull, userOf } from '../state/state.ts';
import type { Repository, User } from '../state/types.ts';
import { nodeId, userJson, type Json, type View } from './user.ts';

const LINKS: readonly (readonly [string, string])[] = [
  ['forks_url', '/forks'],
  ['keys_url', '/keys{/key_id}'],
  ['collaborators_url', '/collaborators{/collaborator}'],
  ['teams_url', '/teams'],
  ['hooks_url', '/hooks'],
  ['issue_events_url', '/issues/events{/number}'],
  ['events_url', '/events'],
  ['assignees_url', '/assignees{/user}'],
  ['branches_url', '/branches{/branch}'],
  ['tags_url', '/tags'],
  ['blobs_url', '/git/blobs{/sha}'],
  ['git_tags_url', '/git/tags{/sha}'],
  ['git_refs_url', '/git/refs{/sha}'],
  ['trees_url', '/git/trees{/sha}'],
  ['statuses_url', '/statuses/{sha}'],
  ['languages_url', '/languages'],
  ['stargazers_url', '/stargazers'],
  ['contributors_url', '/contributors'],
  ['subscribers_url', '/subscribers'],
  ['subscription_url', '/subscription'],
  ['commits_url', '/commits{/sha}'],
  ['git_commits_url', '/git/commits{/sha}'],
  ['comments_url', '/comments{/number}'],
  ['issue_comment_url', '/issues/comments{/number}'],
  ['contents_url', '/contents/{+path}'],
  ['compare_url', '/compare/{base}...{head}'],
  ['merges_url', '/merges'],
  ['archive_url', '/{archive_format}{/ref}'],
  ['downloads_url', '/downloads'],
  ['issues_url', '/issues{/number}'],
  ['pulls_url', '/pulls{/number}'],
  ['milestones_url', '/milestones{/number}'],
  ['notifications_url', '/notifications{?since,all,participating}'],
  ['labels_url', '/labels{/name}'],
  ['releases_url', '/releases{/id}'],
  ['deployments_url', '/deployments'],
];

/** The address of a repository in the REST interface. */
export function repositoryApi(view: View, repository: Repository): string {
  return `${view.sim.url}/repos/${fullName(view.state, repository)}`;
}

/** The address of a repository's page. */
export function repositoryHtml(view: View, repository: Repository): string {
  return `${view.sim.url}/${fullName(view.state, repository)}`;
}

/** GitHub's "minimal repository": names and addresses. */
export function minimalRepositoryJson(view: View, repository: Repository): Json {
  const api = repositoryApi(view, repository);
  const json: Json = {
    id: repository.id,
    node_id: nodeId('R', repository.id),
    name: repository.name,
    full_name: fullName(view.state, repository),
    private: repository.private,
    owner: userJson(view, userOf(view.state, repository.ownerId)),
    html_url: repositoryHtml(view, repository),
    description: repository.description,
    fork: repository.parentId !== null,
    url: api,
  };
  for (const [name, path] of LINKS) json[name] = api + path;
  return json;
}

/** GitHub's "repository", as lists, pull requests and webhooks show it. */
export function repositoryJson(view: View, repository: Repository): Json {
  const html = repositoryHtml(view, repository);
  const open = repository.openPulls.size + openIssues(repository);
  return {
    ...minimalRepositoryJson(view, repository),
    created_at: repository.createdAt,
    updated_at: repository.updatedAt,
    pushed_at: repository.pushedAt,
    git_url: `git:${html.replace(/^https?:/, '')}.git`,
    ssh_url: `git@${html.replace(/^https?:\/\//, '')}.git`,
    clone_url: `${html}.git`,
    svn_url: html,
    homepage: null,
    size: 1,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: repository.hasIssues,
    has_projects: false,
    has_downloads: true,
    has_wiki: repository.hasWiki,
    has_pages: false,
    has_discussions: false,
    forks_count: forksOf(view, repository),
    mirror_url: null,
    archived: repository.archived,
    disabled: false,
    open_issues_count: open,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: repository.private ? 'private' : 'public',
    forks: forksOf(view, repository),
    open_issues: open,
    watchers: 0,
    default_branch: repository.defaultBranch,
  };
}

/** `GET /repos/{owner}/{repo}`: with the settings, the parent and what the caller may do. */
export function fullRepositoryJson(view: View, repository: Repository, user: User | null): Json {
  const parent = repository.parentId === null ? undefined : byId(view, repository.parentId);
  const source = parent && rootOf(view, parent);
  return {
    ...repositoryJson(view, repository),
    permissions: permissionsJson(view, repository, user),
    temp_clone_token: '',
    allow_merge_commit: repository.allowMerge,
    allow_squash_merge: repository.allowSquash,
    allow_rebase_merge: repository.allowRebase,
    allow_auto_merge: repository.allowAutoMerge,
    allow_update_branch: true,
    delete_branch_on_merge: repository.deleteBranchOnMerge,
    use_squash_pr_title_as_default: false,
    squash_merge_commit_title: 'COMMIT_OR_PR_TITLE',
    squash_merge_commit_message: 'COMMIT_MESSAGES',
    merge_commit_title: 'MERGE_MESSAGE',
    merge_commit_message: 'PR_TITLE',
    network_count: forksOf(view, repository),
    subscribers_count: 0,
    ...(parent ? { parent: repositoryJson(view, parent) } : {}),
    ...(source ? { source: repositoryJson(view, source) } : {}),
  };
}

/** The five yes-or-no permissions. */
export function permissionsJson(view: View, repository: Repository, user: User | null): Json {
  const has = permissionOf(view.state, repository, user);
  return {
    admin: includes(has, 'admin'),
    maintain: includes(has, 'maintain'),
    push: includes(has, 'write'),
    triage: includes(has, 'triage'),
    pull: includes(has, 'read'),
  };
}

function byId(view: View, id: number): Repository | undefined {
  return view.state.repositories.get(id);
}

function rootOf(view: View, repository: Repository): Repository {
  const parent = repository.parentId === null ? undefined : byId(view, repository.parentId);
  return parent ? rootOf(view, parent) : repository;
}

function forksOf(view: View, repository: Repository): number {
  let count = 0;
  for (const one of view.state.repositories.values())
    if (one.parentId === repository.id) count += 1;
  return count;
}

function openIssues(repository: Repository): number {
  if (repository.issues.size === repository.openPulls.size) return 0;
  let count = 0;
  for (const issue of repository.issues.values())
    if (!isPull(issue) && issue.state === 'open') count += 1;
  return count;
}
