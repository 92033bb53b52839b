import type { ProjectConfig } from '../../lib/config.ts';
import { Branch } from '../../models/branch.ts';
import { orderBranches } from '../branch-order.ts';
import { type Applying, note } from '../change.ts';
import { listing, resume, retire } from './listing.ts';

/** Writes the branches of a project, oldest first. */
export async function applyBranches(
  applying: Applying,
  project: Pick<ProjectConfig, 'name' | 'branches'> & { readonly id: number },
): Promise<void> {
  const known = await applying.tx.find(Branch, {
    where: { projectId: project.id },
    order: { sequence: 'asc', id: 'asc' },
  });
  const order = orderBranches(
    project.branches,
    known.map((branch) => branch.name),
  );
  for (const [sequence, name] of order.entries()) {
    const branch = known.find((one) => one.name === name);
    const object = `branch:${project.name}/${name}`;
    if (branch) await place(applying, { object, branch, sequence });
    else await add(applying, { object, projectId: project.id, name, sequence });
  }
  for (const branch of known) {
    const row = listing('branch', `branch:${project.name}/${branch.name}`, branch);
    await (project.branches.includes(branch.name) ? resume : retire)(applying, row);
  }
}

async function add(
  applying: Applying,
  { object, ...columns }: { object: string; projectId: number; name: string; sequence: number },
): Promise<void> {
  await applying.tx.insert(Branch, columns);
  const after = { sequence: columns.sequence };
  await note(applying, { action: 'add', object, before: null, after });
}

async function place(
  applying: Applying,
  { object, branch, sequence }: { object: string; branch: Branch; sequence: number },
): Promise<void> {
  if (branch.sequence === sequence) return;
  await applying.tx.update(Branch, branch.id, { sequence });
  const before = { sequence: branch.sequence };
  await note(applying, { action: 'change', object, before, after: { sequence } });
}
