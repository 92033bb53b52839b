import { fullName, findRepository, isPull, userByLogin } from '../../state/state.ts';
import type { Issue, Repository } from '../../state/types.ts';
import { rateOf } from '../../http/limits.ts';
import { labelByName } from '../../acts/repositories.ts';
import { connection } from '../connection.ts';
import { fields, graphError, missing, sees, type Context } from '../context.ts';
import { issueNode, nodeOf, repositoryNode, userNode } from '../nodes.ts';

export const queryType = fields<unknown>({
  viewer: (_source, _args, { user }) => userNode(user),
  rateLimit: (_source, _args, { sim, actor }) => {
    const { limit, used, remaining, reset } = rateOf(sim, actor);
    return {
      limit,
      used,
      remaining,
      cost: 1,
      nodeCount: 0,
      resetAt: new Date(reset * 1000).toISOString(),
    };
  },
  repository: (_source, args, context) => {
    const [owner, name] = [String(args['owner']), String(args['name'])];
    const found = findRepository(context.state, owner, name);
    if (
      !found ||
      !sees(context, found.repository) ||
      (found.moved && args['followRenames'] === false)
    )
      throw missing('Repository', `the name '${owner}/${name}'`);
    return repositoryNode(found.repository);
  },
  repositoryOwner: (_source, args, context) => {
    const user = userByLogin(context.state, String(args['login']));
    return user ? userNode(user) : null;
  },
  user: (_source, args, context) => account(context, String(args['login']), 'User'),
  organization: (_source, args, context) => account(context, String(args['login']), 'Organization'),
  node: (_source, args, context) => nodeOf(context, String(args['id'])),
  nodes: (_source, args, context) => (args['ids'] as string[]).map((id) => nodeOf(context, id)),
  search: (_source, args, context) => search(context, args),
});

function account(context: Context, login: string, type: 'User' | 'Organization') {
  const user = userByLogin(context.state, login);
  if (user?.type !== type) throw missing(type, `the login of '${login}'`);
  return userNode(user);
}

function search(context: Context, args: Readonly<Record<string, unknown>>) {
  const type = String(args['type']);
  if (type === 'REPOSITORY') {
    const words = String(args['query'])
      .toLowerCase()
      .split(/\s+/)
      .filter((one) => !one.includes(':'));
    const list = [...context.state.repositories.values()].filter(
      (one) =>
        sees(context, one) &&
        words.every((word) => fullName(context.state, one).toLowerCase().includes(word)),
    );
    return {
      ...connection(list, args, { name: 'search', make: repositoryNode }),
      repositoryCount: list.length,
      issueCount: 0,
    };
  }
  if (!type.startsWith('ISSUE'))
    throw graphError('NOT_IMPLEMENTED', `The simulator does not search for ${type}.`);
  const list = matchingIssues(context, String(args['query']));
  const make = (one: Found) => issueNode(one.repository, one.issue);
  return {
    ...connection(list, args, { name: 'search', make }),
    issueCount: list.length,
    repositoryCount: 0,
  };
}

interface Found {
  readonly repository: Repository;
  readonly issue: Issue;
}

/**
 * Understands `repo: org: user: is: state: author: assignee: review-requested: label: head: base: draft:` and words of title
 * and body. `@me` is who asks.
 */
function matchingIssues(context: Context, query: string): Found[] {
  const terms = [...query.matchAll(/(-)?(?:([\w-]+):)?("[^"]*"|\S+)/g)].map((match) => ({
    not: match[1] === '-',
    key: match[2] ?? '',
    value: (match[3] ?? '').replace(/^"|"$/g, '').replace(/^@me$/, context.user.login),
  }));
  const found: Found[] = [];
  for (const repository of context.state.repositories.values()) {
    if (!sees(context, repository)) continue;
    for (const issue of repository.issues.values())
      if (terms.every((one) => fits(context, { repository, issue }, one) !== one.not))
        found.push({ repository, issue });
  }
  return found.sort((a, b) => b.issue.id - a.issue.id);
}

function fits(
  context: Context,
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
      throw graphError('NOT_IMPLEMENTED', `The simulator does not search by '${term.key}:'.`);
  }
}

function hasLogin(context: Context, id: number, login: string): boolean {
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
