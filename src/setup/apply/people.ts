import type { EntityManager } from 'typeorm';
import type { ProjectConfig } from '../../lib/config.ts';
import { Person } from '../../models/person.ts';
import { type Applying, difference, note } from '../change.ts';
import { applyRights } from './rights.ts';

type PersonConfig = ProjectConfig['people'][number];

/**
 * Writes the people a project lists, and exactly the rights they have there. A file without `people` leaves both alone:
 * they come from elsewhere then.
 */
export async function applyPeople(
  applying: Applying,
  project: Pick<ProjectConfig, 'name' | 'people'> & { readonly id: number },
): Promise<void> {
  if (project.people.length === 0) return;
  const people: { id: number; config: PersonConfig }[] = [];
  for (const config of project.people)
    people.push({ id: await applyPerson(applying, config), config });
  await applyRights(applying, { projectId: project.id, projectName: project.name, people });
}

async function applyPerson(applying: Applying, config: PersonConfig): Promise<number> {
  const { tx } = applying;
  const object = `person:${config.login}`;
  const wanted = {
    ...(config.email === undefined ? {} : { email: config.email }),
    ...(config.id === undefined ? {} : { githubId: String(config.id) }),
    ...(config.team === undefined ? {} : { team: config.team }),
  };
  const known = await findPerson(tx, config);
  if (!known) {
    const columns = { login: config.login, ...wanted };
    const added = await tx.insert(Person, columns);
    await note(applying, { action: 'add', object, before: null, after: columns });
    return (added.identifiers[0] as { id: number }).id;
  }
  const changed = difference(known, wanted);
  if (changed) {
    await tx.update(Person, known.id, wanted);
    await note(applying, { action: 'change', object, ...changed });
  }
  return known.id;
}

/**
 * Who is meant: by id where the file gives one. A login means for ever the account that it was first found to be: who
 * takes over an abandoned login takes over no rights (R32). Only a login nobody ever looked up matches by itself.
 */
async function findPerson(tx: EntityManager, config: PersonConfig): Promise<Person | null> {
  const githubId = config.id === undefined ? await boundId(tx, config.login) : String(config.id);
  if (githubId !== null) {
    const bound = await tx.findOneBy(Person, { githubId });
    if (bound) return bound;
  }
  const query = tx
    .createQueryBuilder(Person, 'person')
    .where('lower(login) = lower(:login)', config);
  if (githubId !== null) query.andWhere('github_id is null');
  return query.orderBy('id').limit(1).getOne();
}

/** The account a login of the file was found to be (src/setup/people.ts writes it down). */
async function boundId(tx: EntityManager, login: string): Promise<string | null> {
  const rows = await tx.query<{ id: string }[]>(
    `select after ->> 'githubId' as id from audit
      where via = 'config' and lower(object) = lower($1) and after ? 'githubId' order by id desc limit 1`,
    [`person:${login}`],
  );
  return rows[0]?.id ?? null;
}
