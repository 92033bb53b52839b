import { errorCode, isError } from '../lib/errors.ts';

/** Right after one connection has ended the pool may hand it out once more. */
const TRIES = 3;

/**
 * Does again what a connection ended under (F-026). It may have been done, its answer lost (F-028): only for work that may be
 * done twice.
 *
 * @throws what the work throws otherwise, or still.
 */
export async function repeatCut<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries === TRIES || !isCut(error)) throw error;
    }
  }
}

/** Told by PostgreSQL (57P01), by the system, or by pg, which has no code for it. */
function isCut(error: unknown): boolean {
  return (
    /^(?:57P01|ECONNRESET|EPIPE)$/.test(errorCode(error) ?? '') ||
    (isError(error) && /terminated unexpectedly|not queryable/.test(error.message))
  );
}
