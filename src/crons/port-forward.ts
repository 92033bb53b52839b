import { completeBatch } from '../forwardport/complete.ts';
import { tellGivenUp } from '../forwardport/give-up.ts';
import { queueOwedPorts } from '../forwardport/owed.ts';
import { portBatch } from '../forwardport/port.ts';
import { oneLine } from '../lib/errors.ts';
import { TryLater } from '../lib/try-later.ts';
import { Project } from '../models/project.ts';
import { ForwardportJob } from '../models/queues.ts';
import { drain, type Queue } from './drain.ts';
import type { Run } from '../world.ts';

/** The ports of one project: held back while it has porting switched off, tried again as its settings say (R6, R28). */
function portQueue({ id, settings }: Project): Queue<ForwardportJob> {
  const { retryAfterMs, retries } = settings.forwardport;
  return {
    table: 'forwardport_job',
    entity: ForwardportJob,
    maxAttempts: retries,
    delayMs: () => retryAfterMs,
    onlyIf: `exists (select from batch b where b.id = q.batch_id and b.project_id = ${id})`,
  };
}

/** Takes batches to their next branch, then looks for what is owed to branches that came or went, until nothing is. */
export async function portForward(run: Run): Promise<void> {
  const all = await run.world.db.manager.findBy(Project, { active: true });
  const projects = all.filter((project) => project.settings.forwardport.enabled); // the others' jobs wait
  for (let owed = true; owed;) {
    for (const project of projects) await drainProject(run, project);
    owed = false;
    for (const project of projects) {
      if (await run.mayGoOn()) owed = (await queueOwedPorts(run, project)) > 0 || owed;
    }
  }
}

function drainProject(run: Run, project: Project): Promise<void> {
  const queue = portQueue(project);
  return drain(run, queue, async (job, finish) => {
    try {
      await (job.kind === 'complete' ? completeBatch : portBatch)(run, job, finish);
    } catch (error) {
      if (job.attempts >= queue.maxAttempts && !(error instanceof TryLater)) {
        const facts = { error: oneLine(error), now: run.now };
        await run.transaction((tx) => tellGivenUp(tx, job, facts));
      }
      throw error;
    }
  });
}
