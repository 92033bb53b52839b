import type { Issue, Pull, Repository, Stamp, State, User } from './types.ts';

/** An empty world. */
export function emptyState(): State {
  return {
    lastId: 1000,
    users: new Map(),
    logins: new Map(),
    members: new Map(),
    teams: new Map(),
    tokens: new Map(),
    apps: new Map(),
    installations: new Map(),
    repositories: new Map(),
    names: new Map(),
    comments: new Map(),
    commitComments: new Map(),
    reviews: new Map(),
    reviewComments: new Map(),
    hooks: new Map(),
  };
}

/** The next number of the one sequence all things share, so that no two things have one id. */
export function nextId(state: State): number {
  state.lastId += 1;
  return state.lastId;
}

/** Now, or the given milliseconds, as GitHub writes it (whole seconds). */
export function stamp(ms: number = Date.now()): Stamp {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** The account with this login, whatever its case. */
export function userByLogin(state: State, login: string): User | undefined {
  const id = state.logins.get(login.toLowerCase());
  return id === undefined ? undefined : state.users.get(id);
}

/** The account with this id; a deleted one answers as GitHub's `ghost`. */
export function userOf(state: State, id: number): User {
  return state.users.get(id) ?? GHOST;
}

const GHOST: User = {
  id: 10137,
  login: 'ghost',
  name: 'Deleted user',
  email: null,
  type: 'User',
  siteAdmin: false,
  createdAt: '2012-05-28T13:02:54Z',
};

/** The repository of a name, and whether the name is an old one. */
export function findRepository(
  state: State,
  owner: string,
  name: string,
): { repository: Repository; moved: boolean } | undefined {
  const id = state.names.get(`${owner}/${name}`.toLowerCase());
  const repository = id === undefined ? undefined : state.repositories.get(id);
  if (!repository) return undefined;
  const current = fullName(state, repository).toLowerCase();
  return { repository, moved: current !== `${owner}/${name}`.toLowerCase() };
}

/** `owner/name` as it is today. */
export function fullName(state: State, repository: Repository): string {
  return `${userOf(state, repository.ownerId).login}/${repository.name}`;
}

/** An issue that is a pull request. */
export type PullIssue = Issue & { pull: Pull };

/** Tells pull requests from plain issues. */
export function isPull(issue: Issue | undefined): issue is PullIssue {
  return issue?.pull != null;
}

/** The commit a branch points to. */
export function branchHead(repository: Repository, branch: string): string | undefined {
  return repository.refs.get(`refs/heads/${branch}`);
}
