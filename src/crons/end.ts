import type { EntityManager } from 'typeorm';
import { deleteWakes, wakeAt } from '../triggers/inbox.ts';
import type { World } from '../world.ts';
import { DeposedError, fence, releaseLease, type Taken } from './lease.ts';
import { execute, prepare } from './prepared.ts';

/** A failed run is mostly a remote out of breath, and half a landing may wait for it: soon at first, then doubling. */
export const FIRST_RETRY_MS = 5_000;
const LAST_RETRY_MS = 3_600_000;
const RETRY = 'retry'; // subject of the one wake that a failed run leaves, however often it is rung meanwhile (R2)

/**
 * Success noted, lease given back, wakes answered. A run that was stopped or switched off between two items keeps them, the
 * one of a retry included: there may be items left. So is one that an open transaction is about to move: nobody is waited for.
 * The commit does not wait for the disk: forgotten, the run is repeated.
 */
const SUCCEED = prepare(`
  with mine as (
    update cron set succeeded_at = $4, failures = 0, last_error = null, lease_until = null, owner = null
     where name = $1 and epoch = $2 and owner = $3 and lease_until is not null returning active),
  answered as (
    select ctid from cron_trigger t
     where t.cron = $1 and not $5 and exists (select from mine where active)
       and (t.subject = '${RETRY}' or exists (
         select from unnest($6::text[], $7::text[], $8::bigint[]) as w (subject, run_at, xact)
          where t.subject = w.subject and t.run_at = w.run_at::timestamptz and t.xact = w.xact))
       for update skip locked),
  gone as (delete from cron_trigger where ctid in (select ctid from answered))
  select set_config('synchronous_commit', 'off', true) from mine`);

/**
 * Records the end of a run that did what it could.
 *
 * @throws DeposedError when another process has the cron now; nothing was written.
 */
export async function recordSuccess(
  { db, clock }: World,
  { lease, wakes }: Taken,
  { stopping }: { readonly stopping: boolean },
): Promise<void> {
  const { cron, epoch, owner } = lease;
  const keys = [
    wakes.map((wake) => wake.subject),
    wakes.map((wake) => wake.runAt),
    wakes.map((wake) => wake.xact),
  ];
  const rows = await execute(db.manager, SUCCEED, [
    cron,
    epoch,
    owner,
    clock.now(),
    stopping,
    ...keys,
  ]);
  if (rows.length === 0) throw new DeposedError(lease);
}

/**
 * Records the end of a run that threw: its wakes become one, later.
 *
 * @throws DeposedError as above.
 */
export async function recordFailure(
  { db, clock }: World,
  { lease, wakes }: Taken,
  error: unknown,
): Promise<void> {
  const text = error instanceof Error ? error.message : String(error);
  await db.transaction(async (tx) => {
    await fence(tx, lease);
    await deleteWakes(tx, wakes);
    const failures = await countFailure(tx, { cron: lease.cron, text, at: clock.now() });
    const delayMs = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1));
    const at = new Date(clock.now().getTime() + delayMs);
    await wakeAt(tx, lease.cron, { subject: RETRY, at });
    await releaseLease(tx, lease);
  });
}

async function countFailure(
  tx: EntityManager,
  { cron, text, at }: { readonly cron: string; readonly text: string; readonly at: Date },
): Promise<number> {
  const [rows] = await tx.query<[{ failures: number }[], number]>(
    'update cron set failed_at = $2, failures = failures + 1, last_error = $3 where name = $1 returning failures',
    [cron, at, text.slice(0, 2000)],
  );
  return rows[0]?.failures ?? 1;
}
