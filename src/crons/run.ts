import type { Run, World } from '../world.ts';
import { type Lease, fence } from './lease.ts';

/** @param stopping tells whether the process is about to end. */
export function openRun(world: World, lease: Lease, stopping: () => boolean): Run {
  return {
    world,
    get now() {
      return world.clock.now();
    },
    transaction: (work) =>
      world.db.transaction(async (tx) => {
        await fence(tx, lease);
        return work(tx);
      }),
    mayGoOn: async () => {
      if (stopping()) return false;
      const rows = await world.db.query<unknown[]>(
        'select 1 from cron where name = $1 and epoch = $2 and active and lease_until is not null',
        [lease.cron, lease.epoch],
      );
      return rows.length > 0;
    },
  };
}
