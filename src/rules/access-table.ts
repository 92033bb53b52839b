import { COMMANDS, ROLE_PHRASES } from './command-table.ts';
import type { CommandName, CommandRow, Role } from './command-table.ts';

/** Which roles may use which command. */
export type AccessTable = Readonly<Record<CommandName, readonly Role[]>>;

/** Changes to one row of the table of rights. */
export interface CommandChange {
  readonly command: string;
  readonly add: readonly Role[];
  readonly remove: readonly Role[];
}

/** Every role, from the least to the most. */
export const ROLES = Object.keys(ROLE_PHRASES) as readonly Role[];

/** `NOW` and `NOW!` stand for three commands each, so their rights are those of the three. */
const SHORT_FORMS: readonly string[] = ['now', 'now-alone'];
/** What {@link SHORT_FORMS} stand for. */
const LONG_FORM: readonly CommandName[] = ['priority', 'skipchecks', 'cancel-staging'];

/** The commands whose rights can be changed. */
export const RIGHTS: readonly (CommandRow & { readonly name: CommandName })[] = COMMANDS.filter(
  (row) => !SHORT_FORMS.includes(row.name),
);

/** The table of spec 3.4. */
export const DEFAULT_ACCESS: AccessTable = Object.fromEntries(
  COMMANDS.map((row: CommandRow) => [row.name, row.who]),
) as Record<CommandName, readonly Role[]>;

/**
 * Gives the table of rights of a project: the defaults, and on them one layer of changes after the other, what is
 * removed last (spec 3.4; 11.2 row 32). Changes to commands that do not exist (any more) are without effect.
 */
export function accessTable(...layers: readonly (readonly CommandChange[])[]): AccessTable {
  const table: Record<CommandName, readonly Role[]> = { ...DEFAULT_ACCESS };
  for (const { command, add, remove } of layers.flat()) {
    const row = RIGHTS.find((one) => one.name === command);
    if (!row) continue;
    const roles = new Set([...table[row.name], ...add]);
    table[row.name] = ROLES.filter((role) => roles.has(role) && !remove.includes(role));
  }
  return table;
}

/** Gives the change that makes `wanted` of `roles`. */
export function changeBetween(
  roles: readonly Role[],
  wanted: readonly Role[],
): Pick<CommandChange, 'add' | 'remove'> {
  return {
    add: wanted.filter((role) => !roles.includes(role)),
    remove: roles.filter((role) => !wanted.includes(role)),
  };
}

/** The commands that must all be allowed for a row of the table to be: itself, or what it is short for. */
export function neededFor(name: CommandName): readonly CommandName[] {
  return SHORT_FORMS.includes(name) ? LONG_FORM : [name];
}
