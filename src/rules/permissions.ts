import { DEFAULT_ACCESS, neededFor } from './access-table.ts';
import type { AccessTable } from './access-table.ts';
import { commandName } from './command-print.ts';
import { COMMANDS } from './command-table.ts';
import type { CommandRow, Role } from './command-table.ts';
import type { Command } from './command-types.ts';

/** Who comments. */
export interface PersonFacts {
  /** False for a commenter nobody listed; nothing about an unknown person is ever equal (12). */
  readonly known: boolean;
  /** Listed among the people of the project. */
  readonly account: boolean;
  readonly administrator: boolean;
  /** CI contexts he may override in this repository; `*` stands for all. */
  readonly overrides: readonly string[];
}

/** How a person stands to one pull request. */
export interface RelationFacts {
  readonly authored: boolean;
  /** Review right on the repository, for pull requests of others. */
  readonly review: boolean;
  /** Review right on the repository, for own pull requests. */
  readonly selfReview: boolean;
  /** Delegate on it, on any port it descends from, or on its source. */
  readonly delegate: boolean;
}

/** All that rights depend on. */
export interface AccessFacts {
  readonly person: PersonFacts;
  readonly pull: RelationFacts;
  /** The same for the source of a port; null when the pull request is no port. */
  readonly source: RelationFacts | null;
}

/** Gives the roles of a person on a pull request (spec 3.4). */
export function rolesOf(facts: AccessFacts): ReadonlySet<Role> {
  const roles = new Set<Role>(['everybody']);
  const { person, pull, source } = facts;
  if (!person.known) return roles;
  if (isAdmin(pull)) roles.add('admin');
  if (isAdmin(pull) && person.administrator) roles.add('super-admin');
  if (isReviewer(pull)) roles.add('reviewer');
  if (isAuthor(pull)) roles.add('author');
  if (source !== null && isAuthor(source)) roles.add('source-author');
  if (person.account && (roles.has('author') || roles.has('source-author'))) roles.add('employee');
  if (person.overrides.length > 0) roles.add('override-right');
  return roles;
}

/** Tells whether a person may use a command here. An override needs the right on every context. */
export function mayRun(
  command: Command,
  facts: AccessFacts,
  table: AccessTable = DEFAULT_ACCESS,
): boolean {
  const roles = rolesOf(facts);
  if (!table[commandName(command)].some((role) => roles.has(role))) return false;
  return (
    command.kind !== 'override' || forbiddenContexts(command.contexts, facts.person).length === 0
  );
}

/** Gives the contexts a person may not override, in order. */
export function forbiddenContexts(contexts: readonly string[], person: PersonFacts): string[] {
  if (person.overrides.includes('*')) return [];
  return contexts.filter((context) => !person.overrides.includes(context));
}

/** Gives the rows of the command table a person may use here, for `help`. */
export function allowedCommands(
  facts: AccessFacts,
  table: AccessTable = DEFAULT_ACCESS,
): CommandRow[] {
  const roles = rolesOf(facts);
  return COMMANDS.filter((row) =>
    neededFor(row.name).every((name) => table[name].some((role) => roles.has(role))),
  );
}

function isAdmin(relation: RelationFacts): boolean {
  return relation.authored ? relation.selfReview : relation.review;
}

function isReviewer(relation: RelationFacts): boolean {
  return isAdmin(relation) || relation.delegate;
}

function isAuthor(relation: RelationFacts): boolean {
  return relation.authored || isReviewer(relation);
}
