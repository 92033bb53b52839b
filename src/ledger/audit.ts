import type { EntityManager } from 'typeorm';
import type { Audit } from '../models/audit.ts';

/** Writes down who changed what, in the transaction of the change (I-45). */
export async function writeAudit(
  tx: EntityManager,
  entry: Omit<Audit, 'id' | 'reason' | 'before' | 'after'> & {
    readonly before?: unknown;
    readonly after?: unknown;
    readonly reason?: string | null;
  },
): Promise<void> {
  await tx.query(
    `insert into audit (at, actor, via, action, object, before, after, reason)
      values ($1, $2, $3, $4, $5, $6::jsonb, $7::jsonb, $8)`,
    [
      entry.at,
      entry.actor,
      entry.via,
      entry.action,
      entry.object,
      JSON.stringify(entry.before ?? null),
      JSON.stringify(entry.after ?? null),
      entry.reason ?? null,
    ],
  );
}
