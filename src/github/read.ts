import { z } from 'zod';
import type { BranchName, RepositoryName } from '../lib/ids.ts';
import { isSha } from '../lib/ids.ts';

/**
 * The words answers and webhooks are read with. Objects copy the keys they know and drop the rest, so that neither
 * a new key nor `__proto__` gets in; what GitHub may add to later (states, types) stays text.
 */

/**
 * Text that PostgreSQL can store: NUL and lone surrogates become U+FFFD (B-015, B-016).
 */
function cleanText(text: string): string {
  return text.replaceAll('\0', '\uFFFD').replace(/\p{Surrogate}/gu, '\uFFFD');
}

const EARLIEST = Date.UTC(1970, 0, 1);
const LATEST = Date.UTC(2100, 0, 1);

export const text = z.string().transform(cleanText);

/** Text that GitHub leaves null when there is none. */
export const optionalText = text.nullish().transform((value) => value ?? null);

/** Numeric id or number: positive and exact, as JSON rounds beyond 2^53 (B-017). */
export const id = z.int().positive();

/** Whole, as only whole ones name one thing. */
export const objectId = z.string().refine(isSha, 'not an object id');

export const branchName = text.transform((value) => value as BranchName);

/** `owner/name` that is safe to put into a path or an address (B-022). */
export const repositoryName = z
  .string()
  .refine(isRepositoryName, 'not owner/name')
  .transform((value) => value as RepositoryName);

/** An ISO time in a year that can be meant (B-029). */
export const time = z
  .string()
  .transform((value) => new Date(value))
  .refine((date) => date.getTime() >= EARLIEST && date.getTime() < LATEST, 'not a time');

export const optionalTime = time.nullish().transform((value) => value ?? null);

/** Null for an account that is gone. */
export const account = z
  .object({ id, login: text, type: text.default('User') })
  .nullish()
  .transform((value) => value ?? null);

/** Lists: a missing one is empty. */
export function listOf<T extends z.ZodType>(item: T): z.ZodDefault<z.ZodArray<T>> {
  return z.array(item).default([]);
}

/** Tells whether it is `owner/name` and nothing that a path or an address could take for something else. */
export function isRepositoryName(name: string): boolean {
  return (
    /^[\w.-]{1,100}\/[\w.-]{1,100}$/.test(name) &&
    !name.split('/').some((part) => /^\.\.?$/.test(part))
  );
}
