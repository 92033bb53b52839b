import { fullName, isPull } from '../state/state.ts';
import type { Issue, Repository, State, User } from '../state/types.ts';
import { labelByName } from './repositories.ts';

/** Who searches, and where. */
export interface Searching {
  readonly state: State;
  readonly user: User | null;
  readonly sees: (repository: Repository) => boolean;
  /** What is thrown for a qualifier that is not supported. */
  readonly unknown: (key: string) => Error;
}

/** An issue or pull request that was found. */
export interface Found {
  readonly repository: Repository;
  readonly issue: Issue;
}

/**
 * Understands `repo: org: user: is: state: author: assignee: review-requested: label: head: base: draft:` and words of title
 * and body; `@me` is who asks. Newest first.
 */
export function searchIssues(query: string, context: Searching): Found[] {
  const terms = [...query.matchAll(/(-)?(?:([\w-]+):)?("[^"]*"|\S+)/g)].map((match) => ({
    not: match[1] === '-',
    key: match[2] ?? '',
    value: (match[3] ?? '').replace(/^"|"$/g, '').replace(/^@me$/, context.user?.login ?? ''),
  }));
  const found: Found[] = [];
  for (const repository of context.state.repositories.values()) {
    if (!context.sees(repository)) continue;
    for (const issue of repository.issues.values())
      if (terms.every((one) => fits(context, { repository, issue }, one) !== one.not))
        found.push({ repository, issue });
  }
  return found.sort((a, b) => b.issue.id - a.issue.id);
}

function fits(
  context: Searching,
  { repository, issue }: Found,
  term: { key: string; value: string },
): boolean {
  const value = term.value.toLowerCase();
  const name = fullName(context.state, repository).toLowerCase();
  const pull = isPull(issue) ? issue.pull : null;
  switch (term.key) {
    case 'repo':
      return name === value;
    case 'org':
    case 'user':
      return name.startsWith(`${value}/`);
    case 'is':
    case 'state':
    case 'type':
      return isOf(issue, value);
    case 'author':
      return hasLogin(context, issue.authorId, value);
    case 'assignee':
      return issue.assignees.some((id) => hasLogin(context, id, value));
    case 'review-requested':
      return pull?.requestedReviewers.some((id) => hasLogin(context, id, value)) === true;
    case 'label':
      return issue.labels.includes(labelByName(repository, value)?.id ?? -1);
    case 'head':
      return pull?.headRef.toLowerCase() === value;
    case 'base':
      return pull?.baseRef.toLowerCase() === value;
    case 'draft':
      return pull?.draft === (value === 'true');
    case 'sort':
      return true;
    case '':
      return `${issue.title} ${issue.body ?? ''} ${pull?.headSha ?? ''}`
        .toLowerCase()
        .includes(value);
    default:
      throw context.unknown(term.key);
  }
}

function hasLogin(context: Searching, id: number, login: string): boolean {
  return context.state.users.get(id)?.login.toLowerCase() === login;
}

function isOf(issue: Issue, value: string): boolean {
  if (value === 'pr') return issue.pull !== null;
  if (value === 'issue') return issue.pull === null;
  if (value === 'merged') return issue.pull?.merged === true;
  if (value === 'unmerged') return issue.pull?.merged === false;
  if (value === 'draft') return issue.pull?.draft === true;
  return issue.state === value;
}
