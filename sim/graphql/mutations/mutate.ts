import type { Repository } from '../../state/types.ts';
import { isRecord } from '../../http/call.ts';
import {
  graphError,
  missing,
  type Args,
  type Context,
  type Node,
  type Resolver,
} from '../context.ts';
import { nodeOf, type IssueNode, type PullNode, type RepositoryNode } from '../nodes.ts';

/** A mutation: its work is given the input and gives the payload, which gets the client's mark back. */
export function mutation(work: (input: Args, context: Context) => unknown): Resolver<unknown> {
  return async (_source, args, context) => {
    const input = isRecord(args['input']) ? args['input'] : {};
    const payload = await work(input, context);
    const clientMutationId = input['clientMutationId'] ?? null;
    return { ...(payload as Record<string, unknown>), clientMutationId };
  };
}

/** The thing an id of the input names. @throws GraphQLError when it is of none of these types. */
export async function need<T extends Node>(
  context: Context,
  id: unknown,
  types: readonly T['__typename'][],
): Promise<T> {
  const node = await nodeOf(context, String(id));
  if (!types.includes(node.__typename))
    throw missing(types.join(' or '), `the global id of '${String(id)}'`);
  return node as T;
}

/** The pull request an id names. */
export function needPull(context: Context, id: unknown): Promise<PullNode> {
  return need<PullNode>(context, id, ['PullRequest']);
}

/** The issue or pull request an id names. */
export function needIssue(context: Context, id: unknown): Promise<IssueNode> {
  return need<IssueNode>(context, id, ['Issue', 'PullRequest']);
}

/** The repository an id names. */
export function needRepository(context: Context, id: unknown): Promise<RepositoryNode> {
  return need<RepositoryNode>(context, id, ['Repository']);
}

/** Runs work alone in the repository's network. */
export function alone<T>(
  context: Context,
  repository: Repository,
  work: () => Promise<T>,
): Promise<T> {
  return context.sim.locked(repository.networkId, work);
}

/** A refusal of what the input asks. */
export function unprocessable(message: string) {
  return graphError('UNPROCESSABLE', message);
}
