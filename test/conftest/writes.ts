import pg from 'pg';
import { MINE } from '../../src/crons/lease.ts';
import { type CronName, isCronName } from '../../src/triggers/names.ts';

/** The engine's own books, which every run writes. */
const BOOKS = ['cron', 'cron_trigger'];

type Query = (this: object, statement: unknown, values?: unknown, ...rest: unknown[]) => unknown;

/** Which cron a connection is in a transaction of: known from the fence with which it began. */
const holders = new WeakMap<object, CronName>();
const seen = new Map<CronName, Set<string>>();

/** What crons have written since this was last asked, outside of what is declared of them; as `cron: table`. */
export function writesOutside(
  declared: Readonly<Record<CronName, { readonly writes: readonly string[] }>>,
): string[] {
  const outside = [...seen].flatMap(([cron, tables]) =>
    [...tables]
      .filter((one) => !declared[cron].writes.includes(one))
      .map((one) => `${cron}: ${one}`),
  );
  seen.clear();
  return outside;
}

/** The tables that a statement writes itself; what a trigger writes with it is not seen. */
export function tablesWritten(statement: string): string[] {
  const text = statement.replaceAll('"', '').replaceAll(/\s+/g, ' ').toLowerCase();
  const writes =
    /\b(?:insert into|delete from) (?:public\.)?(\w+)|\bupdate (?:only )?(?:public\.)?(\w+)(?: as)?(?: \w+)? set\b/g;
  return [...text.matchAll(writes)].map(([, put, changed]) => put ?? changed ?? '');
}

/** Every statement of a run begins with its fence, or carries it (`src/crons/claim.ts`). */
function note(connection: object, text: string, values: unknown): void {
  if (/^\s*(?:begin|start transaction|commit|rollback(?! to))\b/i.test(text))
    holders.delete(connection);
  const fenced = text.includes(MINE) ? cronAmong(values) : undefined;
  if (fenced && text === MINE) holders.set(connection, fenced);
  const cron = fenced ?? holders.get(connection);
  if (!cron) return;
  const tables = seen.get(cron) ?? new Set();
  for (const table of tablesWritten(text)) if (!BOOKS.includes(table)) tables.add(table);
  seen.set(cron, tables);
}

function cronAmong(values: unknown): CronName | undefined {
  const texts = Array.isArray(values) ? values.filter((value) => typeof value === 'string') : [];
  return texts.find(isCronName);
}

/** What every connection of this test file sends passes here, unchanged. */
const prototype = pg.Client.prototype as unknown as { query: Query };
const { query } = prototype;
prototype.query = function noted(statement, values, ...rest) {
  const asked: { text?: unknown; values?: unknown } =
    typeof statement === 'string' ? { text: statement, values } : Object(statement);
  if (typeof asked.text === 'string') note(this, asked.text, asked.values ?? values);
  return query.call(this, statement, values, ...rest);
};
