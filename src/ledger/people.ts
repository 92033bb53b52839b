import type { EntityManager } from 'typeorm';
import { Person } from '../models/person.ts';

/** A GitHub account as payloads name it. */
interface Account {
  readonly id: string;
  readonly login: string;
}

/**
 * The record of a GitHub account, made when it is new. Found by numeric id; a login alone matches only a person whose id
 * is not known yet, so that nobody inherits rights with an abandoned login (R32).
 */
export async function personOf(tx: EntityManager, account: Account): Promise<Person> {
  const known = await tx.findOneBy(Person, { githubId: account.id });
  if (known?.login === account.login) return known;
  if (known) await tx.update(Person, known.id, { login: account.login });
  const id = known?.id ?? (await claimOrAdd(tx, account));
  return tx.findOneByOrFail(Person, { id });
}

async function claimOrAdd(tx: EntityManager, account: Account): Promise<number> {
  const [claimed] = await tx.query<[{ id: number }[], number]>(
    `update person set github_id = $1, login = $2
      where id = (select id from person where github_id is null and lower(login) = lower($2) limit 1)
      returning id`,
    [account.id, account.login],
  );
  return claimed[0]?.id ?? (await addPerson(tx, account));
}

async function addPerson(tx: EntityManager, account: Account): Promise<number> {
  const rows = await tx.query<{ id: number }[]>(
    `insert into person (github_id, login) values ($1, $2)
      on conflict (github_id) do update set login = excluded.login returning id`,
    [account.id, account.login],
  );
  const id = rows[0]?.id;
  if (id === undefined) throw new Error(`person ${account.login} was not recorded`);
  return id;
}
