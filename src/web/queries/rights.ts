import type { EntityManager } from 'typeorm';
import { accessRules } from '../../models/queries/access-rules.ts';
import {
  accessTable,
  type CommandChange,
  DEFAULT_ACCESS,
  RIGHTS,
} from '../../rules/access-table.ts';
import type { Role } from '../../rules/command-table.ts';

/** One row of a project's table of rights. */
export interface RightView {
  readonly command: string;
  readonly syntax: string;
  /** Who may use it now. */
  readonly roles: readonly Role[];
  readonly default: readonly Role[];
  /** What the configuration file changes, and what admins changed on top. */
  readonly file: Pick<CommandChange, 'add' | 'remove'> | null;
  readonly local: Pick<CommandChange, 'add' | 'remove'> | null;
}

/** The table of rights as it holds in a project, and why. */
export async function viewRights(
  db: Pick<EntityManager, 'query'>,
  projectId: number,
): Promise<RightView[]> {
  const { file, local } = await accessRules(db, projectId);
  const table = accessTable(file, local);
  return RIGHTS.map(({ name, syntax }) => ({
    command: name,
    syntax: syntax.replaceAll('`', ''),
    roles: table[name],
    default: DEFAULT_ACCESS[name],
    file: changeOf(file, name),
    local: changeOf(local, name),
  }));
}

function changeOf(changes: readonly CommandChange[], name: string): RightView['file'] {
  const change = changes.find((one) => one.command === name);
  return change ? { add: change.add, remove: change.remove } : null;
}
