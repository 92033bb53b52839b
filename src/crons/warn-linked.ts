import type { EntityManager } from 'typeorm';
import { say } from '../feedback/say.ts';
import { pingsOf } from '../ledger/pings.ts';
import { linkedNotReady } from '../messages/pull-request.ts';
import { PullRequest } from '../models/pull-request.ts';
import { linkedPulls, type LinkedRow } from '../models/queries/linked-pulls.ts';
import { linkedWarning, type LinkedWarning } from '../rules/linked-warning.ts';
import { wakeAt } from '../triggers/inbox.ts';
import type { Run } from '../world.ts';

/**
 * Tells ready pull requests that linked ones hold them up (spec 4.5). A batch whose time has not come gets a wake of its
 * own for it: nothing here is found out by asking again and again.
 */
export function warnLinked(run: Run): Promise<void> {
  return run.transaction(async (tx) => {
    for (const [batchId, rows] of await linkedPulls(tx)) {
      const warning = linkedWarning(rows, run.now);
      if (warning.kind === 'later')
        await wakeAt(tx, 'linked-warnings', { subject: `batch:${batchId}`, at: warning.at });
      if (warning.kind === 'now') await tell(tx, { rows, warning }, run.now);
    }
  });
}

interface Telling {
  readonly rows: readonly LinkedRow[];
  readonly warning: Extract<LinkedWarning, { kind: 'now' }>;
}

async function tell(tx: EntityManager, { rows, warning }: Telling, now: Date): Promise<void> {
  const failed = rows
    .filter((row) => row.state === 'error')
    .map(({ name, since }) => `/${name}@${since.toISOString()}`);
  for (const row of rows.filter((one) => warning.tell.includes(one.name))) {
    const pull = await tx.findOneByOrFail(PullRequest, { id: row.id });
    const text = linkedNotReady({ ping: await pingsOf(tx, pull), waiting: warning.waiting });
    const at = { repositoryId: row.repositoryId, number: row.number };
    await say(tx, { at, key: `linked/${row.name}${failed.join('')}`, text, now });
    await tx.update(PullRequest, row.id, { linkWarned: true });
  }
}
