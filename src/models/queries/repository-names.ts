import type { EntityManager } from 'typeorm';

/** What a repository and its project are called. */
export interface RepositoryNames {
  /** `owner/name`. */
  readonly repository: string;
  readonly project: string;
}

/** Names for a repository's id: what the gateway is asked with. */
export async function repositoryNames(tx: EntityManager, id: number): Promise<RepositoryNames> {
  const rows = await tx.query<RepositoryNames[]>(
    `select r.name as repository, p.name as project
       from repository r join project p on p.id = r.project_id where r.id = $1`,
    [id],
  );
  const names = rows[0];
  if (!names) throw new Error(`no repository ${id}`);
  return names;
}
