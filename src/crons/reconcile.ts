import { activeRepositories, reconcileRepository } from '../fetch/reconcile.ts';
import type { Run } from '../world.ts';

/**
 * Compares the records with GitHub, repository by repository: once a day, and when somebody asks. A repository that
 * cannot be read does not keep the others from it.
 *
 * @throws the first failure, once all were tried: the run is repeated later.
 */
export async function reconcile(run: Run): Promise<void> {
  const failures: unknown[] = [];
  for (const repository of await activeRepositories(run.world.db.manager)) {
    if (!(await run.mayGoOn())) return;
    await reconcileRepository(run, repository).catch((error: unknown) => {
      run.world.log.warn({ err: error, repository: repository.name }, 'repository not compared');
      failures.push(error);
    });
  }
  if (failures.length > 0) throw failures[0];
}
