import { straddlingPulls } from '../ledger/partial.ts';
import { activeStagingOf } from '../ledger/stagings.ts';
import { Batch } from '../models/batch.ts';
import { Branch } from '../models/branch.ts';
import type { ValidateJob } from '../models/queues.ts';
import type { Finish, Run } from '../world.ts';
import { Builder } from './build.ts';
import { candidatesOf } from './candidate.ts';
import { checkCandidates } from './check-candidates.ts';
import { setBack } from './set-back.ts';
import { openSite } from './site.ts';

/**
 * Tries a batch that waits for its turn on the branch as it is now, so that people hear of a conflict before the queue
 * reaches it (spec 5.3). Nothing is pushed and nothing is kept.
 */
export async function validateBatch(run: Run, job: ValidateJob, finish: Finish): Promise<void> {
  const tx = run.world.db.manager;
  const batch = await tx.findOneByOrFail(Batch, { id: job.batchId });
  const busy = (await activeStagingOf(tx, batch.id)) ?? (await straddlingPulls(tx, batch.id));
  const waits = batch.blocked === null && !busy;
  const branch =
    batch.targetId === null ? null : await tx.findOneBy(Branch, { id: batch.targetId });
  const candidates = waits && branch ? await candidatesOf(tx, batch) : null;
  if (!candidates || !branch) return finish();
  const site = await openSite(run.world, tx, branch);
  const bot = await run.world.identity(site.project.name);
  const checked = await checkCandidates(run, { project: site.project, candidates });
  if (!checked) return finish(); // what differs is recorded and told
  const outcome = await new Builder(site, { bot, now: run.now }).add(batch, checked);
  await finish(async (last) => {
    const still = await last.findOneBy(Batch, { id: batch.id });
    if (outcome.kind !== 'stopped' || still?.blocked !== null) return;
    await setBack(last, { ...outcome, first: true, now: run.now });
  });
}
