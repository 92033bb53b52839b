import { TryLater } from '../lib/try-later.ts';
import type { Run } from '../world.ts';

/** Asked just before anything becomes visible. @throws TryLater when the cron was switched off or deposed meanwhile. */
export async function mayPush(run: Run): Promise<void> {
  if (await run.mayGoOn()) return;
  throw new TryLater('switched off half-way', { afterMs: 0, counts: false });
}
