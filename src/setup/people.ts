import type { DataSource, EntityManager } from 'typeorm';
import { Person } from '../models/person.ts';
import { note } from './change.ts';

/** Asks GitHub who has a login; null: nobody. */
export type LookUp = (
  login: string,
) => Promise<{ readonly id: number; readonly login: string } | null>;

/**
 * Finds the accounts behind the logins of the configuration file, at start and once each: from then on a login of the
 * file means that account, whatever happens to the login (R32). Until it is found nobody has the rights.
 *
 * @returns logins nobody has: a typing mistake in the file, most likely.
 * @throws what `lookUp` throws; those found so far stay found.
 */
export async function resolvePeople(
  db: DataSource,
  options: { readonly lookUp: LookUp; readonly now: Date },
): Promise<string[]> {
  const unknown: string[] = [];
  for (const person of await unresolved(db.manager)) {
    const account = await options.lookUp(person.login);
    if (account) await db.transaction((tx) => bind(tx, { person, account }, options.now));
    else unknown.push(person.login);
  }
  return unknown;
}

/** Writes down which accounts are the bot's own: it never obeys them (reliability I-17). Former ones stay. */
export async function learnOwnIds(
  db: DataSource,
  project: string,
  accounts: readonly { readonly id: string }[],
): Promise<void> {
  await db.query(
    `update project set own_ids = own_ids || $2::jsonb where name = $1 and not own_ids @> $2::jsonb`,
    [project, JSON.stringify([...new Set(accounts.map((one) => one.id))])],
  );
}

function unresolved(tx: EntityManager): Promise<{ id: number; login: string }[]> {
  return tx.query(
    `select id, login from person p
      where github_id is null and exists (select from access_right where person_id = p.id) order by id`,
  );
}

async function bind(
  tx: EntityManager,
  { person, account }: { person: { id: number; login: string }; account: { id: number } },
  now: Date,
): Promise<void> {
  const githubId = String(account.id);
  const known = await tx.findOneBy(Person, { githubId });
  if (known) await unite(tx, person.id, known.id);
  else await tx.update(Person, { id: person.id }, { githubId });
  await note(
    { tx, now, changes: [] },
    {
      action: 'change',
      object: `person:${person.login}`,
      before: { githubId: null },
      after: { githubId },
    },
  );
}

/** GitHub has spoken of the account before, under another login: its rights go there, and the placeholder goes away. */
async function unite(tx: EntityManager, from: number, to: number): Promise<void> {
  await tx.query('update access_right set person_id = $2 where person_id = $1', [from, to]);
  await tx.query(
    'update person set email = coalesce(person.email, f.email) from person f where f.id = $1 and person.id = $2',
    [from, to],
  );
  await tx.query('update fetch_job set person_id = $2 where person_id = $1', [from, to]);
  await tx.query('delete from person where id = $1', [from]);
}
