import type { DataSource, EntityManager } from 'typeorm';
import type { Wake } from '../triggers/inbox.ts';
import type { CronName } from '../triggers/names.ts';
import type { Lease } from '../world.ts';
import { execute, prepare } from './prepared.ts';

const LEASE_SECONDS = 10; // how long a killed process keeps its crons from the others

/**
 * SQL of the fence: the cron's row, held so that nobody takes the cron before this transaction is over. Its parameters are
 * cron, epoch and owner; it answers no row when the lease is not ours any more.
 */
export const MINE =
  'select active from cron where name = $1 and epoch = $2 and owner = $3 and lease_until is not null for share';

/** Thrown by a transaction of a run whose lease was taken: another process does the work now. */
export class DeposedError extends Error {
  constructor(lease: Lease) {
    super(`${lease.cron}: epoch ${lease.epoch} is over`);
  }
}

/** A lease, and the due wakes that its run answers. */
export interface Taken {
  readonly kind: 'taken';
  readonly lease: Lease;
  readonly wakes: readonly Wake[];
}

/**
 * Wakes and lease in one look: between a write and the first line of its cron lies this statement. Its commit does not wait
 * for the disk (docs/decisions/0009): whatever the run commits after it takes it along.
 */
const TAKE = prepare(`
  with due as (
    select subject, run_at::text as "runAt", xact::text as xact from cron_trigger where cron = $1 and run_at <= $2),
  taken as (
    update cron set epoch = epoch + 1, owner = $3, started_at = $2,
                    lease_until = clock_timestamp() + make_interval(secs => $4)
     where name = $1 and active and (lease_until is null or lease_until < clock_timestamp() or owner = $3)
       and exists (select from due)
    returning epoch::text)
  select set_config('synchronous_commit', 'off', true), active,
         greatest(0, extract(epoch from lease_until - clock_timestamp()))::float8 as held,
         (select epoch from taken) as epoch,
         (select json_agg(due) from due) as wakes
    from cron where name = $1`);

interface Look {
  readonly active: boolean;
  readonly held: number;
  readonly epoch: string | null;
  readonly wakes: Omit<Wake, 'cron'>[] | null;
}

/**
 * Takes a free, active cron that has a due wake. The lease runs by the database's clock, which all processes share (R5);
 * `now` says what is due.
 *
 * @returns the lease; `idle` when nothing is due or it is switched off; otherwise how long somebody else may still hold it.
 */
export async function takeDue(
  db: DataSource,
  cron: CronName,
  { owner, now }: { readonly owner: string; readonly now: Date },
): Promise<Taken | { kind: 'idle' } | { kind: 'held'; forMs: number }> {
  const [look] = await execute<Look>(db.manager, TAKE, [cron, now, owner, LEASE_SECONDS]);
  if (!look?.active || !look.wakes) return { kind: 'idle' };
  if (look.epoch === null) return { kind: 'held', forMs: Math.ceil(look.held * 1000) + 10 };
  const lease = { cron, epoch: look.epoch, owner };
  return { kind: 'taken', lease, wakes: look.wakes.map((wake) => ({ cron, ...wake })) };
}

/** Prolongs the lease. False: it was taken by another process, or given back. */
export async function renewLease(db: DataSource, lease: Lease): Promise<boolean> {
  const [rows] = await db.query<[unknown[], number]>(
    `update cron set lease_until = clock_timestamp() + make_interval(secs => $4)
      where name = $1 and epoch = $2 and owner = $3 and lease_until is not null returning name`,
    [lease.cron, lease.epoch, lease.owner, LEASE_SECONDS],
  );
  return rows.length > 0;
}

/**
 * The fence: every transaction of a run begins here. The shared lock makes a process that wants the cron wait until this
 * transaction is over; after that this lease writes nothing more.
 *
 * @throws DeposedError when the epoch has moved on.
 */
export async function fence(tx: EntityManager, lease: Lease): Promise<void> {
  const { cron, epoch, owner } = lease;
  const rows = await execute<unknown>(tx, FENCE, [cron, epoch, owner]);
  if (rows.length === 0) throw new DeposedError(lease);
}

const FENCE = prepare(MINE);

/** Gives the cron back, in the transaction that records the end of the run. */
export async function releaseLease(tx: EntityManager, lease: Lease): Promise<void> {
  await tx.query(
    'update cron set lease_until = null, owner = null where name = $1 and epoch = $2 and owner = $3',
    [lease.cron, lease.epoch, lease.owner],
  );
}
