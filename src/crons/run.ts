import { errorCode } from '../lib/errors.ts';
import type { Lease, Run, World } from '../world.ts';
import { fence } from './lease.ts';

const TRIES = 4;
/** Deadlock detected, serialization failure: PostgreSQL undid the transaction and asks to do it again. */
const TANGLED = ['40P01', '40001'];

/**
 * Does a transaction again that was undone because it and another one waited for each other. That is nobody's fault and
 * over at once; as a failed try of a queue row it would cost the row its pause, an hour for a port.
 */
export async function untangled<T>(world: World, transaction: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await transaction();
    } catch (error) {
      if (tries === TRIES || !TANGLED.includes(errorCode(error) ?? '')) throw error;
      world.log.info({ err: error, tries }, 'transaction undone by a deadlock, doing it again');
    }
  }
}

/** @param stopping tells whether the process is about to end. */
export function openRun(world: World, lease: Lease, stopping: () => boolean): Run {
  return {
    world,
    lease,
    get stopping() {
      return stopping();
    },
    get now() {
      return world.clock.now();
    },
    transaction: (work) =>
      untangled(world, () =>
        world.db.transaction(async (tx) => {
          await fence(tx, lease);
          return work(tx);
        }),
      ),
    mayGoOn: async () => {
      if (stopping()) return false;
      const rows = await world.db.query<unknown[]>(
        'select 1 from cron where name = $1 and epoch = $2 and owner = $3 and active and lease_until is not null',
        [lease.cron, lease.epoch, lease.owner],
      );
      return rows.length > 0;
    },
  };
}
