import type { EntityManager } from 'typeorm';
import { Project } from '../models/project.ts';
import { PullRequest } from '../models/pull-request.ts';
import { Repository } from '../models/repository.ts';

/**
 * Logins of the people a message about a pull request is for: author and reviewer; for a port the source's author and
 * reviewer and its own reviewer, never the bot that opened it (forwardport spec 9.5). Each once; nobody under `skipmerge`.
 */
export async function pingsOf(tx: EntityManager, pull: PullRequest): Promise<string[]> {
  const source =
    pull.sourceId === null ? null : await tx.findOneByOrFail(PullRequest, { id: pull.sourceId });
  const people = source
    ? [source.authorId, source.approvedById, pull.approvedById]
    : [pull.authorId, pull.approvedById];
  const rows = await tx.query<{ login: string }[]>(
    `select p.login from unnest($1::int[]) with ordinality as w (id, place) join person p on p.id = w.id
      where not exists (select from pull_request s join batch b on b.id = s.batch_id
                         where s.id = $2 and b.forwardport_policy = 'skipmerge')
      order by w.place`,
    [people, source?.id ?? null],
  );
  return [...new Set(rows.map((row) => row.login))];
}

/** What most messages about a pull request begin with: who is meant, and the word that starts a command line. */
export interface Address {
  readonly ping: string[];
  readonly bot: string;
}

/** Addresses a message to the people of a pull request. */
export async function addressOf(tx: EntityManager, pull: PullRequest): Promise<Address> {
  const repository = await tx.findOneByOrFail(Repository, { id: pull.repositoryId });
  const project = await tx.findOneByOrFail(Project, { id: repository.projectId });
  return { ping: await pingsOf(tx, pull), bot: project.bot };
}
