import type { DataSource, EntityManager } from 'typeorm';
import type { CronName } from '../triggers/names.ts';

const LEASE_SECONDS = 10; // how long a killed process keeps its crons from the others

/** The right to run a cron, until the epoch moves on. */
export interface Lease {
  readonly cron: CronName;
  readonly epoch: string;
  readonly owner: string;
}

/** Thrown by a transaction of a run whose lease was taken: another process does the work now. */
export class DeposedError extends Error {
  constructor(lease: Lease) {
    super(`${lease.cron}: epoch ${lease.epoch} is over`);
  }
}

/**
 * Takes a free, active cron. The lease runs by the database's clock, which all processes share (R5); `now` is only noted
 * as the start of the run.
 *
 * @returns the lease; `off` when switched off; otherwise how long somebody else may still hold it.
 */
export async function takeLease(
  db: DataSource,
  cron: CronName,
  { owner, now }: { readonly owner: string; readonly now: Date },
): Promise<{ kind: 'taken'; lease: Lease } | { kind: 'off' } | { kind: 'held'; forMs: number }> {
  const [taken] = await db.query<[{ epoch: string }[], number]>(
    `update cron set epoch = epoch + 1, owner = $2, started_at = $4,
            lease_until = clock_timestamp() + make_interval(secs => $3)
      where name = $1 and active and (lease_until is null or lease_until < clock_timestamp())
      returning epoch`,
    [cron, owner, LEASE_SECONDS, now],
  );
  const epoch = taken[0]?.epoch;
  if (epoch !== undefined) return { kind: 'taken', lease: { cron, epoch, owner } };
  const rows = await db.query<{ active: boolean; held: number }[]>(
    `select active, greatest(0, extract(epoch from lease_until - clock_timestamp()))::float8 as held from cron where name = $1`,
    [cron],
  );
  if (!rows[0]?.active) return { kind: 'off' };
  return { kind: 'held', forMs: Math.ceil(rows[0].held * 1000) + 10 };
}

/** Prolongs the lease. False: it was taken by another process, or the cron was switched off meanwhile. */
export async function renewLease(db: DataSource, lease: Lease): Promise<boolean> {
  const [rows] = await db.query<[unknown[], number]>(
    `update cron set lease_until = clock_timestamp() + make_interval(secs => $3)
      where name = $1 and epoch = $2 and lease_until is not null returning name`,
    [lease.cron, lease.epoch, LEASE_SECONDS],
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
  const rows = await tx.query<unknown[]>(
    'select 1 from cron where name = $1 and epoch = $2 and lease_until is not null for share',
    [lease.cron, lease.epoch],
  );
  if (rows.length === 0) throw new DeposedError(lease);
}

/** Gives the cron back, in the transaction that records the end of the run. */
export async function releaseLease(tx: EntityManager, lease: Lease): Promise<void> {
  await tx.query(
    'update cron set lease_until = null, owner = null where name = $1 and epoch = $2',
    [lease.cron, lease.epoch],
  );
}
