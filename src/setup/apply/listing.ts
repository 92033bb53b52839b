import { type Applying, note } from '../change.ts';

/** A row that can be listed in the file or not. */
interface Listed {
  readonly table: 'project' | 'branch' | 'repository';
  readonly id: number;
  readonly object: string;
  readonly active: boolean;
}

/** What is needed of a row to take it off the list or put it back. */
export function listing(
  table: Listed['table'],
  object: string,
  { id, active }: { readonly id: number; readonly active: boolean },
): Listed {
  return { table, object, id, active };
}

/** Makes a row inactive that the file no longer names. */
export async function retire(applying: Applying, row: Listed): Promise<void> {
  if (row.active) await setActive(applying, row, false);
}

/**
 * Makes a row active again that the file names again. One that a person switched off stays off: the audit log knows
 * who did it last.
 */
export async function resume(applying: Applying, row: Listed): Promise<void> {
  if (row.active) return;
  const last = await applying.tx.query<{ via: string }[]>(
    `select via from audit
      where object = $1 and before -> 'active' is distinct from after -> 'active' order by id desc limit 1`,
    [row.object],
  );
  if (last[0]?.via === 'config') await setActive(applying, row, true);
}

const SWITCH = {
  project: 'update project set active = $2 where id = $1',
  branch: 'update branch set active = $2 where id = $1',
  repository: 'update repository set active = $2 where id = $1',
} as const;

async function setActive(applying: Applying, row: Listed, active: boolean): Promise<void> {
  await applying.tx.query(SWITCH[row.table], [row.id, active]);
  await note(applying, {
    action: active ? 'resume' : 'retire',
    object: row.object,
    before: { active: !active },
    after: { active },
  });
}
