import type { EntityManager } from 'typeorm';

/** An open pull request as far as a list of GitHub's can contradict it. */
export interface OpenPull {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly base: string;
  readonly head: string;
  readonly draft: boolean;
  /** CI has not said everything, and somebody waits for it: the approved one itself, or the chain of a port. */
  readonly awaitsCi: boolean;
  readonly landed: boolean;
}

/** The pull requests of a repository that the bot takes to be open at GitHub. */
export function openPulls(tx: EntityManager, repositoryId: number): Promise<OpenPull[]> {
  return tx.query(
    `select number, title, body, base, head, draft, merged_sha is not null as landed,
            state = 'approved' or (parent_id is not null and merged_sha is null and status <> 'success') as "awaitsCi"
       from pull_request where repository_id = $1 and not closed order by number`,
    [repositoryId],
  );
}
