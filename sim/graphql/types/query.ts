import { fullName, findRepository, userByLogin } from '../../state/state.ts';
import { rateOf } from '../../http/limits.ts';
import { searchIssues, type Found } from '../../acts/search.ts';
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
  const list = searchIssues(String(args['query']), {
    ...context,
    sees: (one) => sees(context, one),
    unknown: (key) => graphError('NOT_IMPLEMENTED', `The simulator does not search by '${key}:'.`),
  });
  const make = (one: Found) => issueNode(one.repository, one.issue);
  return {
    ...connection(list, args, { name: 'search', make }),
    issueCount: list.length,
    repositoryCount: 0,
  };
}
