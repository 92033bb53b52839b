import { remindDue } from '../forwardport/remind.ts';
import type { Run } from '../world.ts';

/** Reminds people of ports that wait for them. Each port's own deadline wakes this; nothing is polled (R2, R24). */
export async function remind(run: Run): Promise<void> {
  await remindDue(run);
}
