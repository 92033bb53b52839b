import { Branch } from '../../../src/models/branch.ts';
import { Person } from '../../../src/models/person.ts';
import { Project, type ProjectSettings } from '../../../src/models/project.ts';
import { Repository } from '../../../src/models/repository.ts';
import { RequiredStatusRow } from '../../../src/models/required-status.ts';
import { CRON_NAMES } from '../../../src/triggers/names.ts';
import type { World } from '../../../src/world.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** Writes a project with its branches (oldest first), repositories and the reviewer `rita`. */
export async function seed(
  db: World['db'],
  { branches, repos, settings }: { branches: string[]; repos: string[]; settings: ProjectSettings },
) {
  const tx = db.manager;
  for (const name of CRON_NAMES)
    await db.query('insert into cron (name) values ($1) on conflict do nothing', [name]);
  const project = await tx.insert(Project, { name: 'acme', bot: 'stagecoach', settings });
  const projectId = (project.identifiers[0] as { id: number }).id;
  for (const [sequence, name] of branches.entries())
    await tx.insert(Branch, { projectId, name, sequence });
  await tx.insert(Person, { githubId: '3', login: 'rita' });
  const ids: Record<string, number> = {};
  for (const [sequence, name] of repos.entries()) {
    const row = await tx.insert(Repository, { projectId, name, sequence });
    ids[name] = (row.identifiers[0] as { id: number }).id;
    await tx.insert(RequiredStatusRow, { repositoryId: ids[name], context: 'ci/test' });
  }
  return { project: projectId, repos: ids };
}
