import { type EntityManager, ILike } from 'typeorm';
import { Person } from '../models/person.ts';
import { accessTableOf } from '../models/queries/access-rules.ts';
import { mayRun } from '../rules/permissions.ts';
import { accessFacts } from './access.ts';
import type { CommandContext } from './context.ts';
import { readOrder } from './order.ts';
import { knownPermission } from './permission.ts';

/**
 * Finds somebody a text names whom GitHub has to be asked about first: a right goes to an account, never to a login that
 * nobody has, or somebody may take tomorrow (R32). Nobody is asked about for a speaker who may not give that right.
 *
 * @returns a person known by login alone; null when all that are named were asked about.
 */
export async function strangerNamed(context: CommandContext): Promise<Person | null> {
  const order = readOrder(context);
  if (order.kind !== 'commands') return null;
  const delegating = order.commands.filter((one) => one.kind === 'delegate');
  const logins = delegating.flatMap((one) => one.logins);
  if (logins.length === 0) return null;
  const facts = await accessFacts(context);
  const table = await accessTableOf(context.tx, context.project.id);
  if (!delegating.every((one) => mayRun(one, facts, table))) return null;
  for (const login of logins) {
    const person = (await personNamed(context.tx, login)) ?? (await notePerson(context, login));
    if (person.githubId !== null) continue;
    if ((await knownPermission({ ...context, actor: person })) === null) return person;
  }
  return null;
}

/** Who has a login, as far as the bot knows; an account before a mere login. */
export function personNamed(tx: EntityManager, login: string): Promise<Person | null> {
  return tx.findOne(Person, {
    where: { login: ILike(login.replaceAll(/[%_\\]/g, '\\$&')) },
    order: { githubId: { direction: 'asc', nulls: 'last' } },
  });
}

/** Known by login until GitHub was asked who that is. */
async function notePerson({ tx }: CommandContext, login: string): Promise<Person> {
  const { identifiers } = await tx.insert(Person, { login });
  return tx.findOneByOrFail(Person, { id: (identifiers[0] as { id: number }).id });
}
