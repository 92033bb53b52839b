import type { ProjectConfig } from '../../lib/config.ts';
import { CommandRule } from '../../models/command-rule.ts';
import { type Applying, difference, note } from '../change.ts';

/**
 * Writes what the file changes in the table of rights. What admins changed in the running server is kept beside it and
 * stays as it is (spec 11.2 row 32).
 */
export async function applyRules(
  applying: Applying,
  project: Pick<ProjectConfig, 'name' | 'rights'> & { readonly id: number },
): Promise<void> {
  const { tx } = applying;
  const origin = 'file' as const;
  const rows = await tx.findBy(CommandRule, { projectId: project.id, origin });
  const known = new Map(rows.map((row) => [row.command, row]));
  for (const [command, { add, remove }] of Object.entries(project.rights.commands)) {
    const wanted = { add: [...add], remove: [...remove] };
    await applyRule(applying, { project, command, wanted, known: known.get(command) });
    known.delete(command);
  }
  for (const { command, add, remove } of known.values()) {
    await tx.delete(CommandRule, { projectId: project.id, command, origin });
    const object = objectOf(project, command);
    await note(applying, { action: 'remove', object, before: { add, remove }, after: null });
  }
}

async function applyRule(
  applying: Applying,
  rule: {
    project: { readonly id: number; readonly name: string };
    command: string;
    wanted: Pick<CommandRule, 'add' | 'remove'>;
    known: CommandRule | undefined;
  },
): Promise<void> {
  const { project, command, wanted, known } = rule;
  const key = { projectId: project.id, command, origin: 'file' } as const;
  const object = objectOf(project, command);
  if (!known) {
    await applying.tx.insert(CommandRule, { ...key, ...wanted });
    return note(applying, { action: 'add', object, before: null, after: wanted });
  }
  const changed = difference(known, wanted);
  if (!changed) return;
  await applying.tx.update(CommandRule, key, wanted);
  await note(applying, { action: 'change', object, ...changed });
}

/** `command:acme/priority`. */
function objectOf(project: { readonly name: string }, command: string): string {
  return `command:${project.name}/${command}`;
}
