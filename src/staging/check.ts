import type { EntityManager } from 'typeorm';
import { Not, IsNull } from 'typeorm';
import { LandingStep } from '../models/landing-step.ts';
import { Staging } from '../models/staging.ts';
import type { Run } from '../world.ts';
import { failStaging } from './fail.ts';
import { land } from './land.ts';
import { removeScratch } from './scratch.ts';
import { retireBranches } from './retire.ts';

/**
 * Looks at every running staging: lands what is green, splits what is red or has used up its time. Also on branches where
 * staging is switched off: what runs completes (R3).
 */
export async function checkStagings(run: Run): Promise<void> {
  await retireBranches(run);
  const failures: unknown[] = [];
  for (const staging of await running(run.world.db.manager)) {
    if (!(await run.mayGoOn())) return;
    await checkStaging(run, staging).catch((error: unknown) => {
      failures.push(error);
      run.world.log.warn({ err: error, staging: staging.id }, 'a staging could not be checked');
    });
  }
  await removeScratch(run);
  if (failures.length > 0) throw failures[0];
}

function running(tx: EntityManager): Promise<Staging[]> {
  return tx.find(Staging, {
    where: { active: true, pushedAt: Not(IsNull()) },
    order: { id: 'asc' },
  });
}

async function checkStaging(run: Run, staging: Staging): Promise<void> {
  const begun = await run.world.db.manager.existsBy(LandingStep, { stagingId: staging.id });
  if (begun || staging.state === 'success') return land(run, staging.id);
  if (staging.state === 'failure') return failStaging(run, staging.id, 'failed');
  if (staging.state === 'pending' && staging.timeoutAt <= run.now) {
    return failStaging(run, staging.id, 'timed-out');
  }
}
