import { UserError } from '../errors.ts';

/** An embedded PostgreSQL that cannot run, with what to do about it. Always one line. */
export function postgresError(detail: string, advice: string, cause?: unknown): UserError {
  return new UserError({ code: 'postgres', detail, advice }, { cause });
}
