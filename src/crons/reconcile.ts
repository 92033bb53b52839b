import { activeRepositories, reconcileRepository } from '../fetch/reconcile.ts';
import { redeliverLost } from '../fetch/redeliver.ts';
import type { Run } from '../world.ts';

/**
 * Asks GitHub for the deliveries that were lost, then compares the records with it, repository by repository: every
 * hour, and when somebody asks. What cannot be read does not keep the others from it.
 *
 * @throws the first failure, once all were tried: the run is repeated later.
 */
export async function reconcile(run: Run): Promise<void> {
  const failures: unknown[] = [];
  const attempt = async (work: Promise<void>, what: object): Promise<void> =>
    work.catch((error: unknown) => {
      run.world.log.warn({ err: error, ...what }, 'not compared with GitHub');
      failures.push(error);
    });
  const all = await activeRepositories(run.world.db.manager);
  for (const project of new Set(all.map((one) => one.project))) {
    if (!(await run.mayGoOn())) return;
    const repositories = all.filter((one) => one.project === project).map((one) => one.name);
    await attempt(redeliverLost(run, { project, repositories }), { project });
  }
  for (const repository of all) {
    if (!(await run.mayGoOn())) return;
    await attempt(reconcileRepository(run, repository), { repository: repository.name });
  }
  if (failures.length > 0) throw failures[0];
}
