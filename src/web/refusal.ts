/** A request that is answered with an error the caller can mend. Thrown by handlers, caught by the server. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 429 | 503;

  /** When to come again; null: no matter when. */
  readonly waitMs: number | null;

  constructor(status: Refusal['status'], message: string, waitMs: number | null = null) {
    super(message);
    this.status = status;
    this.waitMs = waitMs;
  }
}

/** @throws a 404 that does not tell the missing from the hidden. */
export function found<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Refusal(404, `no such ${what}`);
  return value;
}
