import type { EntityManager } from 'typeorm';
import { recordStatuses } from '../ledger/record-statuses.ts';
import { matchesWhole } from '../lib/pattern.ts';
import { Branch } from '../models/branch.ts';
import { Repository as RepositoryRow } from '../models/repository.ts';
import { openPulls } from '../models/queries/open-pulls.ts';
import type { Run } from '../world.ts';
import { findDoubts } from './doubts.ts';

interface Repository {
  readonly id: number;
  readonly name: string;
  readonly project: string;
  /** When it came under the bot's care, with an hour for clocks that differ. */
  readonly since: Date;
}

/** The repositories to look at. */
export function activeRepositories(tx: EntityManager): Promise<Repository[]> {
  return tx.query(
    `select r.id, r.name, p.name as project,
            coalesce((select min(a.at) - interval '1 hour' from audit a
                       where a.object = 'repository:' || r.name and a.action = 'config.add'), to_timestamp(0)) as since
       from repository r join project p on p.id = r.project_id
      where r.active and p.active order by r.id`,
  );
}

/**
 * Finds what lost webhooks left behind in a repository: pull requests that are unknown or otherwise than recorded are
 * queued for reading, and CI's words on the heads of running stagings are read anew.
 */
export async function reconcileRepository(run: Run, repository: Repository): Promise<void> {
  const listed = await run.world
    .github(repository.project)
    .findPullRequests(repository.name, { state: 'open' });
  await run.transaction(async (tx) => {
    const known = await openPulls(tx, repository.id);
    const managed = await managedBranches(tx, repository.id);
    const { since } = repository;
    const numbers = findDoubts({ known, listed, since, managed: (name) => managed.has(name) });
    await queueReading(tx, { repositoryId: repository.id, numbers, now: run.now });
  });
  await rereadStagings(run, repository);
}

async function managedBranches(tx: EntityManager, id: number): Promise<ReadonlySet<string>> {
  const repository = await tx.findOneByOrFail(RepositoryRow, { id });
  const branches = await tx.findBy(Branch, { projectId: repository.projectId });
  const names = branches.map((branch) => branch.name);
  return new Set(names.filter((name) => matchesWhole(repository.branchFilter, name)));
}

/** One waiting row a pull request is enough. */
async function queueReading(
  tx: EntityManager,
  { repositoryId, numbers, now }: { repositoryId: number; numbers: readonly number[]; now: Date },
): Promise<void> {
  await tx.query(
    `insert into fetch_job (repository_id, number, queued_at)
     select $1, wanted.number, $3 from unnest($2::int[]) as wanted (number)
      where not exists (select from fetch_job f
                         where f.repository_id = $1 and f.number = wanted.number and f.dead_at is null
                           and f.person_id is null)`,
    [repositoryId, numbers, now],
  );
}

async function rereadStagings(run: Run, repository: Repository): Promise<void> {
  const heads = await run.world.db.query<{ head: string }[]>(
    `select h.head from staging_head h join staging s on s.id = h.staging_id
      where s.active and s.pushed_at is not null and h.repository_id = $1`,
    [repository.id],
  );
  for (const { head } of heads) {
    const reports = await run.world.github(repository.project).statuses(repository.name, head);
    const commit = { repositoryId: repository.id, sha: head };
    await run.transaction((tx) => recordStatuses(tx, { commit, reports }, run.now));
  }
}
