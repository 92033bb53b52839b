import { GraphQLError } from 'graphql';
import { isFor, type Actor } from '../http/call.ts';
import type { Sim } from '../sim.ts';
import { includes, permissionOf } from '../state/permissions.ts';
import type { Permission, Repository, State, User } from '../state/types.ts';

/** What every resolver is given. */
export interface Context {
  readonly sim: Sim;
  readonly state: State;
  readonly actor: Actor;
  readonly user: User;
}

/** A thing of the graph: GitHub's type name and what the simulator knows about it. */
export interface Node {
  readonly __typename: string;
}

export type Args = Readonly<Record<string, unknown>>;

/** Gives one field of one type. */
export type Resolver<S = never> = (source: S, args: Args, context: Context) => unknown;

/** The supported fields of a type. */
export type Fields = Readonly<Record<string, Resolver>>;

/** Declares the fields of a type whose source is known; the table they go into does not care. */
export function fields<S>(table: Readonly<Record<string, Resolver<S>>>): Fields {
  return table;
}

/** An error with GitHub's `type`. */
export function graphError(type: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { githubType: type } });
}

/** GitHub's NOT_FOUND. */
export function missing(type: string, what: string): GraphQLError {
  return graphError('NOT_FOUND', `Could not resolve to a ${type} with ${what}.`);
}

/** Whether the caller may see the repository. */
export function sees(context: Context, repository: Repository): boolean {
  const may = includes(permissionOf(context.state, repository, context.user), 'read');
  return may && isFor(context.actor, repository);
}

/** Refuses a mutation the caller has no right to. */
export function mustHave(context: Context, repository: Repository, needs: Permission): void {
  if (includes(permissionOf(context.state, repository, context.user), needs)) return;
  throw graphError(
    'FORBIDDEN',
    `${context.user.login} does not have the correct permissions to execute this.`,
  );
}

/** A text argument, or undefined. */
export function textArg(args: Args, name: string): string | undefined {
  const value = args[name];
  return typeof value === 'string' ? value : undefined;
}

/** A list of texts, empty when left out. */
export function textsArg(args: Args, name: string): string[] {
  const value = args[name];
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}
