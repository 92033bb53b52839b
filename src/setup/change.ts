import { isDeepStrictEqual } from 'node:util';
import type { EntityManager } from 'typeorm';

/** One difference between the configuration file and the database, made equal. */
export interface Change {
  /** `retire`: no longer listed, kept and inactive. `resume`: listed again. */
  readonly action: 'add' | 'change' | 'retire' | 'resume' | 'remove';
  /** `project:acme`, `branch:acme/17.0`, `repository:acme/app`, `person:rita`, `right:…`, `command:…`, `status:…`, `cron:…`. */
  readonly object: string;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
}

/** A configuration on its way into the database. */
export interface Applying {
  readonly tx: EntityManager;
  readonly now: Date;
  readonly changes: Change[];
}

/** Notes a change, and audits it in the transaction that makes it (I-45). */
export async function note({ tx, now, changes }: Applying, change: Change): Promise<void> {
  changes.push(change);
  await tx.query(
    `insert into audit (at, actor, via, action, object, before, after)
     values ($1, 'configuration', 'config', $2, $3, $4, $5)`,
    [now, `config.${change.action}`, change.object, change.before, change.after],
  );
}

/** The columns of `wanted` that `row` has otherwise, before and after; null when there are none. */
export function difference(
  row: object,
  wanted: Readonly<Record<string, unknown>>,
): { before: Record<string, unknown>; after: Record<string, unknown> } | null {
  const is = new Map(Object.entries(row));
  const columns = Object.keys(wanted).filter(
    (name) => !isDeepStrictEqual(is.get(name), wanted[name]),
  );
  if (columns.length === 0) return null;
  return {
    before: Object.fromEntries(columns.map((name) => [name, is.get(name)])),
    after: Object.fromEntries(columns.map((name) => [name, wanted[name]])),
  };
}

const SIGNS = { add: '+', change: '~', retire: '-', resume: '+', remove: '-' } as const;

/** A change on one line: `~ repository:acme/app  branchFilter ".*" -> "1[78]\\..*"`. */
export function formatChange({ action, object, before, after }: Change): string {
  const what = {
    add: '',
    change: '',
    retire: ' (kept, inactive)',
    resume: ' (active again)',
    remove: '',
  };
  const head = `${SIGNS[action]} ${object}${what[action]}`;
  if (action !== 'change') return head;
  const fields = Object.entries(after ?? {}).flatMap(([name, value]) =>
    leaves(name, before?.[name], value),
  );
  return [head, ...fields].join('  ');
}

function leaves(path: string, before: unknown, after: unknown): string[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (isRecord(before) && isRecord(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...names].flatMap((name) => leaves(`${path}.${name}`, before[name], after[name]));
  }
  return [`${path} ${print(before)} -> ${print(after)}`];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function print(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
