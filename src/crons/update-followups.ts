import { updateDescendants } from '../forwardport/update.ts';
import { ForwardportUpdate } from '../models/queues.ts';
import { LINES } from '../triggers/table.ts';
import { drain, type Queue } from './drain.ts';
import type { Run } from '../world.ts';

const MINUTE_MS = 60_000;

const updateQueue: Queue<ForwardportUpdate> = {
  table: 'forwardport_update',
  entity: ForwardportUpdate,
  maxAttempts: 12,
  delayMs: () => 10 * MINUTE_MS, // forwardport spec 2
  lineOf: LINES.forwardport_update,
};

/** Takes the new head of a pull request to the ports made from it. */
export async function updateFollowups(run: Run): Promise<void> {
  await drain(run, updateQueue, (row, finish) => updateDescendants(run, row, finish));
}
