import { GraphQLError } from 'graphql';
import type { Args } from './context.ts';

const MOST = 100;

/**
 * A page of a list, as every connection of GitHub gives it. Its length may be asked for alone; whoever asks for more must
 * say how much of it.
 *
 * @param make builds one node; called for the page only.
 * @throws GraphQLError (from the fields) without `first` or `last`, or beyond 100, as GitHub does.
 */
export function connection<T>(
  list: readonly T[],
  args: Args,
  what: { name: string; make: (one: T) => unknown },
): Record<string, unknown> {
  const page = (): { from: number; to: number } => bounds(list.length, args, what.name);
  const nodes = ({ from, to }: { from: number; to: number }): unknown[] =>
    list.slice(from, to).map(what.make);
  return {
    totalCount: list.length,
    nodes: () => nodes(page()),
    edges: () => {
      const shown = page();
      return nodes(shown).map((node, index) => ({ node, cursor: cursor(shown.from + index) }));
    },
    pageInfo: () => {
      const { from, to } = page();
      return {
        hasNextPage: to < list.length,
        hasPreviousPage: from > 0,
        startCursor: to > from ? cursor(from) : null,
        endCursor: to > from ? cursor(to - 1) : null,
      };
    },
  };
}

function bounds(length: number, args: Args, name: string): { from: number; to: number } {
  const first = typeof args['first'] === 'number' ? args['first'] : null;
  const last = typeof args['last'] === 'number' ? args['last'] : null;
  if (first === null && last === null)
    throw problem(
      `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`,
    );
  const size = first ?? last ?? 0;
  if (size > MOST)
    throw problem(
      `Requesting ${size} records on the \`${name}\` connection exceeds the \`${first === null ? 'last' : 'first'}\` limit of ${MOST} records.`,
    );
  const low = typeof args['after'] === 'string' ? position(args['after']) + 1 : 0;
  const high = typeof args['before'] === 'string' ? position(args['before']) : length;
  if (first !== null)
    return { from: Math.min(low, length), to: Math.min(low + first, high, length) };
  return { from: Math.max(low, high - (last ?? 0)), to: Math.min(high, length) };
}

function problem(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { githubType: 'MISSING_PAGINATION_BOUNDARIES' } });
}

function cursor(index: number): string {
  return Buffer.from(`cursor:${index}`).toString('base64');
}

function position(text: string): number {
  const match = /^cursor:(\d+)$/.exec(Buffer.from(text, 'base64').toString());
  if (!match) throw new GraphQLError(`\`${text}\` does not appear to be a valid cursor.`);
  return Number(match[1]);
}
