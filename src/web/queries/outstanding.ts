import type { DataSource } from 'typeorm';
import type { PullRequestState } from '../../rules/pull-request.ts';

/** A port that has not landed, with its source. */
export interface OutstandingPort {
  readonly id: number;
  readonly repository: string;
  readonly number: number;
  readonly title: string;
  readonly target: string;
  readonly state: PullRequestState;
  readonly opened_at: Date;
  readonly conflict: boolean;
  readonly detach_reason: string | null;
  readonly blocked: string | null;
  readonly staging: number | null;
  readonly source: {
    readonly repository: string;
    readonly number: number;
    readonly title: string;
    readonly target: string;
    readonly author: string | null;
    readonly approved_by: string | null;
    /** Of both, each once. */
    readonly teams: readonly string[];
    readonly merged_at: string | null;
  };
}

/** Which ports are asked for; oldest first. */
export interface OutstandingFilter {
  readonly project?: string | undefined;
  readonly repository?: string | undefined;
  /** Author or reviewer of the source. */
  readonly person?: string | undefined;
  /** Team of the author or reviewer of the source. */
  readonly team?: string | undefined;
  /** Only ports opened before. */
  readonly before?: Date | undefined;
  readonly after?: number | undefined;
  readonly limit: number;
}

/** Open ports, oldest first: what somebody still has to approve, repair or wait for. */
export function listOutstanding(
  db: DataSource,
  filter: OutstandingFilter,
): Promise<OutstandingPort[]> {
  return db.query<OutstandingPort[]>(
    `select p.id, r.name as repository, p.number, p.title, p.base as target, p.state, p.opened_at, p.conflict,
            p.detach_reason, coalesce(b.blocked, p.blocked) as blocked,
            (select max(g.id) from staging g join staging_pull sp on sp.staging_id = g.id
              where g.active and sp.pull_request_id = p.id) as staging,
            json_build_object('repository', sr.name, 'number', s.number, 'title', s.title, 'target', s.base,
              'author', sa.login, 'approved_by', sv.login, 'merged_at', sb.merged_at, 'teams',
              (select coalesce(json_agg(distinct t order by t), '[]') from unnest(array[sa.team, sv.team]) t
                where t is not null)) as source
       from pull_request p
       join repository r on r.id = p.repository_id
       join project j on j.id = r.project_id
       join batch b on b.id = p.batch_id
       join pull_request s on s.id = p.source_id
       join repository sr on sr.id = s.repository_id
       join batch sb on sb.id = s.batch_id
       left join person sa on sa.id = s.author_id
       left join person sv on sv.id = s.approved_by_id
      where p.state not in ('merged', 'closed')
        and ($1::text is null or j.name = $1) and ($2::text is null or r.name = $2)
        and ($3::text is null or $3 in (sa.login, sv.login)) and ($4::timestamptz is null or p.opened_at < $4)
        and ($5::int is null or p.id > $5) and ($7::text is null or $7 in (sa.team, sv.team))
      order by p.id limit $6`,
    [
      filter.project ?? null,
      filter.repository ?? null,
      filter.person ?? null,
      filter.before ?? null,
      filter.after ?? null,
      filter.limit,
      filter.team ?? null,
    ],
  );
}
