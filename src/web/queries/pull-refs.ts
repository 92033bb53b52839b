import type { DataSource } from 'typeorm';
import type { PullRequestState } from '../../rules/pull-request.ts';

/** A pull request as others mention it. */
export interface PullRef {
  /** `owner/repo#n`. */
  readonly name: string;
  readonly repository: string;
  readonly number: number;
  readonly target: string;
  readonly title: string;
  readonly state: PullRequestState;
  readonly draft: boolean;
}

interface RefRow extends PullRef {
  readonly id: number;
}

/** Mentions of pull requests, by their ids. */
export async function pullRefs(
  db: DataSource,
  ids: readonly number[],
): Promise<Map<number, PullRef>> {
  const rows = await db.query<RefRow[]>(
    `select p.id, r.name || '#' || p.number as name, r.name as repository, p.number, p.base as target,
            p.title, p.state, p.draft
       from pull_request p join repository r on r.id = p.repository_id where p.id = any($1)`,
    [[...new Set(ids)]],
  );
  return new Map(rows.map(({ id, ...ref }) => [id, ref]));
}
