import { postpone } from '../github/postpone.ts';
import { GitHubPermission } from '../models/github-permission.ts';
import { Person } from '../models/person.ts';
import { releaseWords } from '../models/queries/waiting-words.ts';
import { repositoryNames } from '../models/queries/repository-names.ts';
import type { FetchJob } from '../models/queues.ts';
import type { Finish, Run } from '../world.ts';
import { fetchPerson } from './person.ts';

/**
 * Reads what somebody may do in a repository (R32), and lets his words be judged that waited for it. GitHub is asked by
 * login and answers with an id: a login that changed hands has no rights.
 */
export async function fetchPermission(
  run: Run,
  { job, personId, finish }: { job: FetchJob; personId: number; finish: Finish },
): Promise<void> {
  const { repositoryId } = job;
  const { world, now } = run;
  const person = await world.db.manager.findOneByOrFail(Person, { id: personId });
  const { repository, project } = await repositoryNames(world.db.manager, repositoryId);
  if (person.githubId === null) return fetchPerson(run, { job, person, project, finish });
  const answer = await world.github(project).permission(repository, person.login).catch(postpone);
  const isHe = answer.userId !== null && String(answer.userId) === person.githubId;
  const permission = isHe ? answer.permission : 'none';
  await finish(async (tx) => {
    const read = { repositoryId, personId, permission, readAt: now };
    await tx.upsert(GitHubPermission, read, ['repositoryId', 'personId']);
    await releaseWords(tx, job, now);
  });
}
