import type { EntityManager } from 'typeorm';
import type { Caller } from './caller.ts';
import { actorOf } from './caller.ts';

/** One change by a person or a token. */
export interface Change {
  readonly caller: Caller;
  readonly now: Date;
  /** What was done: `cron.disable`, `queue.retry`. */
  readonly action: string;
  /** What it was done to: `cron:staging`. */
  readonly object: string;
  readonly before?: unknown;
  readonly after?: unknown;
  readonly reason?: string | null;
}

/** Records a change; `tx` is the transaction of the change itself (I-45). */
export async function audit(tx: EntityManager, change: Change): Promise<void> {
  const { caller, now, action, object, reason = null } = change;
  await tx.query(
    `insert into audit (at, actor, via, action, object, before, after, reason)
      values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      ...[now, actorOf(caller), caller.via, action, object],
      ...[asJson(change.before), asJson(change.after), reason],
    ],
  );
}

/** `jsonb` takes text: a driver would turn an array into PostgreSQL's own. */
function asJson(value: unknown): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value);
}
