import type { DataSource } from 'typeorm';
import type { ForwardportPolicy, Priority } from '../../models/batch.ts';
import type { ConflictFacts } from '../../models/port.ts';
import type { MergeMethod } from '../../rules/merge-method.ts';
import type { PullRequestState } from '../../rules/pull-request.ts';

/** A pull request's own row and what one join away belongs to it. */
export interface PullRow {
  readonly id: number;
  readonly projectId: number;
  readonly project: string;
  readonly repositoryId: number;
  readonly repository: string;
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly state: PullRequestState;
  readonly stateSince: Date;
  readonly draft: boolean;
  readonly closed: boolean;
  readonly head: string;
  readonly label: string;
  readonly target: string;
  readonly author: string | null;
  readonly approvedBy: string | null;
  readonly approvedSha: string | null;
  readonly mergeMethod: MergeMethod | null;
  readonly error: string | null;
  readonly blocked: string | null;
  readonly batchId: number;
  readonly batchBlocked: string | null;
  readonly priority: Priority;
  readonly skipchecks: boolean;
  readonly forwardportPolicy: ForwardportPolicy;
  readonly mergedAt: Date | null;
  readonly mergedSha: string | null;
  readonly staging: number | null;
  readonly sourceId: number | null;
  readonly parentId: number | null;
  readonly detachReason: string | null;
  readonly limit: string | null;
  readonly conflict: boolean;
  /** Merged, and the word to close it has not gone to GitHub yet (R22). */
  readonly closingWaits: boolean;
}

/** One pull request, or null when the bot does not know it. */
export async function findPull(
  db: DataSource,
  repository: string,
  number: number,
): Promise<PullRow | null> {
  const rows = await db.query<PullRow[]>(
    `select p.id, j.id as "projectId", j.name as project, r.id as "repositoryId", r.name as repository, p.number,
            p.title, p.body, p.state, p.state_since as "stateSince", p.draft, p.closed, p.head, p.label,
            p.base as target, a.login as author, v.login as "approvedBy", p.approved_sha as "approvedSha",
            p.merge_method as "mergeMethod", p.error, p.blocked, p.batch_id as "batchId",
            b.blocked as "batchBlocked", b.priority, b.skipchecks, b.forwardport_policy as "forwardportPolicy",
            b.merged_at as "mergedAt", p.merged_sha as "mergedSha",
            (select max(s.id) from staging s join staging_pull sp on sp.staging_id = s.id
              where s.active and sp.pull_request_id = p.id) as staging,
            p.source_id as "sourceId", p.parent_id as "parentId", p.detach_reason as "detachReason",
            l.name as limit, p.conflict,
            exists (select from feedback f where f.repository_id = p.repository_id and f.number = p.number
                and f.kind = 'close' and f.done_at is null) as "closingWaits"
       from pull_request p
       join repository r on r.id = p.repository_id
       join project j on j.id = r.project_id
       join batch b on b.id = p.batch_id
       left join person a on a.id = p.author_id
       left join person v on v.id = p.approved_by_id
       left join branch l on l.id = p.limit_id
      where lower(r.name) = lower($1) and p.number = $2`,
    [repository, number],
  );
  return rows[0] ?? null;
}

/** One source on one later branch: the port, or the reason why there is none. */
export interface PortRow {
  readonly id: number;
  readonly sourceId: number;
  readonly pullId: number | null;
  readonly target: string;
  readonly branch: string;
  readonly state: 'planned' | 'pushed' | 'opened' | 'skipped';
  readonly reason: string | null;
  readonly conflict: ConflictFacts | null;
}

/** The ports made of a pull request, oldest target first: of a source all of them, of a port the next ones. */
export function portsOf(db: DataSource, pullId: number): Promise<PortRow[]> {
  return db.query<PortRow[]>(
    `select o.id, o.source_id as "sourceId", o.pull_request_id as "pullId", b.name as target, o.branch, o.state,
            o.reason, o.conflict
       from port o join branch b on b.id = o.target_id
      where o.source_id = $1 or o.from_id = $1 order by b.sequence, o.id`,
    [pullId],
  );
}

/** The first pull request of the chain it is still attached to: itself when it has no parent. */
export async function rootOf(db: DataSource, pullId: number): Promise<number> {
  const rows = await db.query<{ id: number }[]>(
    `with recursive chain as (
        select id, parent_id, 0 as step from pull_request where id = $1
        union all
        select p.id, p.parent_id, c.step + 1 from pull_request p join chain c on p.id = c.parent_id)
      select id from chain order by step desc limit 1`,
    [pullId],
  );
  return rows[0]?.id ?? pullId;
}
