import { readFileSync } from 'node:fs';
import {
  buildSchema,
  execute,
  GraphQLError,
  OverlappingFieldsCanBeMergedRule,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
} from 'graphql';
import { Refused } from '../errors.ts';
import type { Actor, Reply } from '../http/call.ts';
import type { Sim } from '../sim.ts';
import type { State } from '../state/types.ts';
import { watchArgs } from './arguments.ts';
import { graphError, type Args, type Context, type Resolver } from './context.ts';
import { RESOLVERS } from './resolvers.ts';

/** GitHub takes queries whose fragments disagree on a type by one name; gh relies on it. */
const RULES = specifiedRules.filter((one) => one !== OverlappingFieldsCanBeMergedRule);

let schema: GraphQLSchema | undefined;

/** GitHub's published schema, read at the first query: it costs a quarter of a second. */
function publishedSchema(): GraphQLSchema {
  if (schema) return schema;
  // The package exports its entry alone, and that one reads the far larger schema.json too.
  const file = new URL(
    '../../node_modules/@octokit/graphql-schema/schema.graphql',
    import.meta.url,
  );
  schema = buildSchema(readFileSync(file, 'utf8'), { assumeValid: true, noLocation: true });
  return schema;
}

/** A parsed query and who asks it. */
export interface Question {
  readonly sim: Sim;
  readonly state: State;
  readonly actor: Actor;
  readonly document: DocumentNode;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName: string | undefined;
}

/** Checks a query against the schema and answers it. */
export async function runQuery(question: Question): Promise<Reply> {
  const { sim, state, actor, document } = question;
  if (!actor.user) return { status: 401, body: { message: 'Bad credentials' } };
  const wrong = validate(publishedSchema(), document, RULES);
  if (wrong.length > 0) return { status: 200, body: { errors: wrong.map(errorJson) } };
  const contextValue: Context = { sim, state, actor, user: actor.user };
  const result = await execute({
    schema: publishedSchema(),
    document,
    contextValue,
    variableValues: question.variables,
    operationName: question.operationName ?? null,
    fieldResolver: resolveField,
    typeResolver: (value: unknown) => (value as { __typename: string }).__typename,
  });
  const errors = result.errors ? { errors: result.errors.map(errorJson) } : {};
  return {
    status: 200,
    body: { ...(result.data === undefined ? {} : { data: result.data }), ...errors },
  };
}

/**
 * A resolver of the table, then a property of a plain object; anything else is said to be unsupported, and so are arguments
 * that the resolver does not look at.
 */
const resolveField: GraphQLFieldResolver<unknown, Context> = (source, args, context, info) => {
  const type = info.parentType.name;
  const name = info.fieldName;
  const found = RESOLVERS[type]?.[name] as Resolver<unknown> | undefined;
  if (found === undefined) return property(source, info);
  const watched = watchArgs(args as Args);
  const whole = (value: unknown): unknown => {
    const [first] = watched.unread(info.parentType.getFields()[name]?.args ?? []);
    if (first !== undefined) throw unsupported(`the argument '${first}' of '${type}.${name}'`);
    return value;
  };
  const value = found(source, watched.args, context);
  return value instanceof Promise ? value.then(whole) : whole(value);
};

function property(source: unknown, info: GraphQLResolveInfo): unknown {
  const { fieldName, parentType } = info;
  if (typeof source !== 'object' || source === null || !Object.hasOwn(source, fieldName))
    throw unsupported(`the field '${fieldName}' of '${parentType.name}'`);
  const value = (source as Record<string, unknown>)[fieldName];
  return typeof value === 'function' ? (value as () => unknown)() : value;
}

function unsupported(what: string): GraphQLError {
  return graphError('NOT_IMPLEMENTED', `The simulator does not support ${what}.`);
}

function errorJson(error: GraphQLError): Record<string, unknown> {
  const cause = error.originalError;
  const refused = cause instanceof Refused;
  if (cause && !refused && !(cause instanceof GraphQLError))
    process.stderr.write(`${cause.stack ?? cause.message}\n`);
  const type = refused ? (TYPES[cause.status] ?? 'UNPROCESSABLE') : error.extensions['githubType'];
  return {
    ...(typeof type === 'string' ? { type } : {}),
    ...(error.path ? { path: error.path } : {}),
    ...(validationCode(error.message) ?? {}),
    locations: error.locations ?? [],
    message: refused ? sentences(cause) : fieldMessage(error.message),
  };
}

const TYPES: Readonly<Record<number, string>> = {
  401: 'FORBIDDEN',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
};

function sentences(error: Refused): string {
  const parts = error.problems.flatMap((one) =>
    typeof one === 'string' ? [one] : one.message === undefined ? [] : [one.message],
  );
  return parts.length > 0 ? parts.join(', ') : error.message;
}

const UNKNOWN_FIELD = /^Cannot query field "(\w+)" on type "(\w+)"/;

/** GitHub's wording for the mistake people make most. */
function fieldMessage(message: string): string {
  const match = UNKNOWN_FIELD.exec(message);
  return match ? `Field '${match[1] ?? ''}' doesn't exist on type '${match[2] ?? ''}'` : message;
}

function validationCode(message: string): { extensions: Record<string, string> } | null {
  const match = UNKNOWN_FIELD.exec(message);
  if (!match) return null;
  return {
    extensions: { code: 'undefinedField', typeName: match[2] ?? '', fieldName: match[1] ?? '' },
  };
}
