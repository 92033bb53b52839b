import { postpone } from '../github/postpone.ts';
import { personOf } from '../ledger/people.ts';
import { GitHubPermission } from '../models/github-permission.ts';
import type { Person } from '../models/person.ts';
import { releaseWords } from '../models/queries/waiting-words.ts';
import type { FetchJob } from '../models/queues.ts';
import type { Finish, Run } from '../world.ts';

/**
 * Asks who has a login that words name (R32), and lets the words go on that waited for it. A login nobody has, or one of an
 * organisation's, is noted like a permission of `none`: for a minute it need not be asked again.
 */
export async function fetchPerson(
  run: Run,
  asked: { job: FetchJob; person: Person; project: string; finish: Finish },
): Promise<void> {
  const { job, person, project, finish } = asked;
  const { world, now } = run;
  const account = await world.github(project).user(person.login).catch(postpone);
  const isPerson = !('kind' in account) && account.type !== 'Organization';
  await finish(async (tx) => {
    if (isPerson) await personOf(tx, { id: String(account.id), login: account.login });
    else {
      const key = { repositoryId: job.repositoryId, personId: person.id };
      const nobody = { ...key, permission: 'none', readAt: now } as const;
      await tx.upsert(GitHubPermission, nobody, ['repositoryId', 'personId']);
    }
    await releaseWords(tx, job, now);
  });
}
