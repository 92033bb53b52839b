import { type AccessTable, accessTable, type CommandChange } from '../../rules/access-table.ts';
import type { Reader } from './verdicts.ts';

/** What a project changes in the table of rights, in the order in which it is applied. */
export interface AccessRules {
  readonly file: readonly CommandChange[];
  readonly local: readonly CommandChange[];
}

/** Reads the changes of a project. */
export async function accessRules(db: Reader, projectId: number): Promise<AccessRules> {
  const rows = await db.query<(CommandChange & { readonly origin: 'file' | 'local' })[]>(
    'select command, origin, add, remove from command_rule where project_id = $1 order by command',
    [projectId],
  );
  const of = (origin: 'file' | 'local'): CommandChange[] =>
    rows.filter((row) => row.origin === origin);
  return { file: of('file'), local: of('local') };
}

/** The table of rights as it holds in a project now. */
export async function accessTableOf(db: Reader, projectId: number): Promise<AccessTable> {
  const { file, local } = await accessRules(db, projectId);
  return accessTable(file, local);
}
