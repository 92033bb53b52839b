import { type Sha, sha } from '../lib/ids.ts';
import { activeRepositories } from '../fetch/reconcile.ts';
import type { Run } from '../world.ts';

/**
 * Packs the clones and lets go of fetched commits that nothing open needs: what is needed after all is fetched again. A
 * clone that cannot be packed keeps no other from it, and costs disk only.
 */
export async function packClones(run: Run): Promise<void> {
  for (const repository of await activeRepositories(run.world.db.manager)) {
    if (!(await run.mayGoOn())) return;
    const { id, name, project } = repository;
    try {
      const clone = await run.world.clone(project, { id, name });
      await clone.maintain(await neededCommits(run, id));
    } catch (error) {
      run.world.log.warn({ err: error, repository: name }, 'clone not packed');
    }
  }
}

/** Heads of what is open: pull requests, running stagings with what they stand on, and ports that are not yet pull requests. */
async function neededCommits(run: Run, repositoryId: number): Promise<Sha[]> {
  const rows = await run.world.db.query<{ head: string }[]>(
    `select head from pull_request where repository_id = $1 and state not in ('merged', 'closed')
     union select unnest(array[h.base, h.head]) from staging_head h join staging s on s.id = h.staging_id
            where h.repository_id = $1 and s.active
     union select head from port where repository_id = $1 and head is not null and state in ('planned', 'pushed')`,
    [repositoryId],
  );
  return rows.map((row) => sha(row.head));
}
