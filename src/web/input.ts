import { z } from 'zod';
import { Refusal } from './refusal.ts';

/** A row's id in a path or query: a positive integer of PostgreSQL's `integer`. */
export const idShape = z.coerce.number().int().positive().max(2_147_483_647);

/** Paging of every list: `limit` is clamped to 1…200 (B-101), `after` is the cursor of the page before. */
export const pageShape = z.object({
  limit: z.coerce
    .number()
    .catch(50)
    .transform((limit) => Math.min(200, Math.max(1, Math.trunc(limit)))),
  after: idShape.optional(),
});

/** Why somebody changes something: kept for ever, so it must be there and short. NUL is no text in PostgreSQL. */
export const reasonShape = z
  .string()
  .max(1000)
  .transform((reason) => reason.replaceAll('\0', '').trim())
  .refine((reason) => reason !== '', 'say why');

/**
 * What the sender believes the switch to be: two people who act on the same page do not undo each other (B-109). Left
 * out, the last one wins.
 */
export function expectedShape<T extends z.ZodRawShape>(switches: T) {
  return z.strictObject(switches).partial().optional();
}

/** Compares a locked row with what the sender believed. @throws 409 when somebody was faster. */
export function refuseStale<T extends object>(
  row: T,
  expected: { readonly [K in keyof T]?: T[K] | undefined } | undefined,
): void {
  const stale = Object.entries(expected ?? {}).filter(
    ([key, value]) => value !== undefined && Reflect.get(row, key) !== value,
  );
  if (stale.length === 0) return;
  const now = stale.map(([key]) => `${key} is ${String(Reflect.get(row, key))}`).join(', ');
  throw new Refusal(409, `somebody was faster: ${now} now. Look again before you change it`);
}

/** One page of a list, read one row longer than asked: the cursor is there while more rows are. */
export function page<T extends { readonly id: number }>(
  rows: readonly T[],
  limit: number,
): { items: readonly T[]; next?: number } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return rows.length > limit && last ? { items, next: last.id } : { items };
}
