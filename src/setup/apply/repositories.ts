import type { ProjectConfig } from '../../lib/config.ts';
import { UserError } from '../../lib/errors.ts';
import { Repository } from '../../models/repository.ts';
import { type Applying, difference, note } from '../change.ts';
import { listing, resume, retire } from './listing.ts';
import { applyStatuses } from './statuses.ts';

type RepositoryConfig = ProjectConfig['repositories'][number];

/** Writes the repositories of a project and their required contexts. */
export async function applyRepositories(
  applying: Applying,
  project: Pick<ProjectConfig, 'repositories'> & { readonly id: number },
): Promise<void> {
  for (const [sequence, config] of project.repositories.entries()) {
    const id = await applyRepository(applying, { projectId: project.id, sequence, config });
    await applyStatuses(applying, { id, name: config.name, statuses: config.statuses });
  }
  const listed = new Set(project.repositories.map((one) => one.name));
  for (const row of await applying.tx.findBy(Repository, { projectId: project.id })) {
    if (listed.has(row.name)) continue;
    await retire(applying, listing('repository', `repository:${row.name}`, row));
  }
}

async function applyRepository(
  applying: Applying,
  {
    projectId,
    sequence,
    config,
  }: { projectId: number; sequence: number; config: RepositoryConfig },
): Promise<number> {
  const { tx } = applying;
  const object = `repository:${config.name}`;
  const wanted = { sequence, ...columnsOf(config) };
  const known = await tx.findOneBy(Repository, { name: config.name });
  if (!known) {
    const added = await tx.insert(Repository, { projectId, name: config.name, ...wanted });
    await note(applying, { action: 'add', object, before: null, after: wanted });
    return (added.identifiers[0] as { id: number }).id;
  }
  if (known.projectId !== projectId) throw alreadyTaken(config.name);
  const changed = difference(known, wanted);
  if (changed) {
    await tx.update(Repository, known.id, wanted);
    await note(applying, { action: 'change', object, ...changed });
  }
  await resume(applying, listing('repository', object, known));
  return known.id;
}

function columnsOf(config: RepositoryConfig) {
  return {
    branchFilter: config.branches,
    forwardportRemote: config.forwardportRemote === config.name ? null : config.forwardportRemote,
    substitutions: [...config.substitutions],
  };
}

/** Its pull requests are in batches of the old project: those cannot follow. */
function alreadyTaken(name: string): UserError {
  const detail = `repository ${name} belongs to another project already (was the project renamed?): keep the project's name, or use a new database`;
  return new UserError({ code: 'refused', detail });
}
