import type { DataSource } from 'typeorm';
import type { Priority } from '../../models/batch.ts';
import type { StagingState } from '../../models/staging.ts';
import type { PullRef } from './pull-refs.ts';

/** A project with its switches. */
export interface BoardProject {
  readonly id: number;
  readonly name: string;
  readonly stagingEnabled: boolean;
  readonly frozen: boolean;
  readonly repositories: readonly string[];
}

/** A branch with its switches and how many ports are open onto it. */
export interface BoardBranch {
  readonly id: number;
  readonly projectId: number;
  readonly name: string;
  readonly active: boolean;
  readonly stagingEnabled: boolean;
  readonly ports: number;
}

/** An ended staging in the history of its branch. */
export interface EndedStaging {
  readonly id: number;
  readonly branchId: number;
  readonly state: StagingState;
  readonly reason: string | null;
  readonly stagedAt: Date;
  readonly endedAt: Date | null;
  /** `owner/repo#n`, in staging order. */
  readonly pulls: readonly string[];
}

/** A batch that somebody could stage, or that waits for somebody. */
export interface QueuedBatch {
  readonly id: number;
  readonly branchId: number;
  readonly label: string;
  readonly priority: Priority;
  readonly blocked: string | null;
  readonly unblockedAt: Date | null;
  readonly splitId: number | null;
  /** The staging whose split it waits in. */
  readonly splitOf: number | null;
  readonly failed: boolean;
  readonly error: string | null;
  readonly pulls: readonly PullRef[];
}

const MOST = 300; // batches on one page: more is a list nobody reads

/** Active projects, by name. */
export function boardProjects(db: DataSource): Promise<BoardProject[]> {
  return db.query<BoardProject[]>(
    `select p.id, p.name, p.staging_enabled as "stagingEnabled", p.frozen,
            array(select r.name from repository r where r.project_id = p.id and r.active order by r.sequence, r.id) as repositories
       from project p where p.active order by p.name`,
  );
}

/** Active branches of active projects, development branch first. */
export function boardBranches(db: DataSource): Promise<BoardBranch[]> {
  return db.query<BoardBranch[]>(
    `select b.id, b.project_id as "projectId", b.name, b.active, b.staging_enabled as "stagingEnabled",
            (select count(*)::int from pull_request p
              where p.target_id = b.id and p.source_id is not null and p.state not in ('merged', 'closed')) as ports
       from branch b join project p on p.id = b.project_id
      where p.active and b.active order by b.project_id, b.sequence desc`,
  );
}

/** The newest ended stagings of each branch, newest first. */
export function endedStagings(db: DataSource, perBranch: number): Promise<EndedStaging[]> {
  return db.query<EndedStaging[]>(
    `select s.id, s.branch_id as "branchId", s.state, s.reason, s.staged_at as "stagedAt", s.ended_at as "endedAt",
            array(select r.name || '#' || p.number from staging_pull sp
                    join pull_request p on p.id = sp.pull_request_id join repository r on r.id = p.repository_id
                   where sp.staging_id = s.id order by sp.position) as pulls
       from branch b
       cross join lateral (select * from staging where branch_id = b.id and not active order by id desc limit $1) s
      where b.active order by s.id desc`,
    [perBranch],
  );
}

/** Batches that wait, are blocked or failed, and are in no running staging; of several targets under the first one's. */
export function queuedBatches(db: DataSource): Promise<QueuedBatch[]> {
  return db.query<QueuedBatch[]>(
    `select b.id, coalesce(b.target_id, (select p.target_id from pull_request p
              where p.batch_id = b.id and not p.closed and p.target_id is not null order by p.id limit 1)) as "branchId", b.label, b.priority, b.blocked, b.unblocked_at as "unblockedAt",
            b.split_id as "splitId", sp.staging_id as "splitOf",
            exists (select from pull_request e where e.batch_id = b.id and e.state = 'error') as failed,
            (select e.error from pull_request e where e.batch_id = b.id and e.state = 'error' order by e.id limit 1) as error,
            (select json_agg(json_build_object('name', r.name || '#' || p.number, 'repository', r.name,
                'number', p.number, 'target', p.base, 'title', p.title, 'state', p.state, 'draft', p.draft) order by p.id)
               from pull_request p join repository r on r.id = p.repository_id
              where p.batch_id = b.id and not p.closed) as pulls
       from batch b left join split sp on sp.id = b.split_id
      where b.active and b.merged_at is null
        and (b.blocked is null or b.split_id is not null or exists (
              select from pull_request p where p.batch_id = b.id and p.state in ('approved', 'ready', 'error')))
        and not exists (select from staging_batch sb join staging s on s.id = sb.staging_id
                         where sb.batch_id = b.id and s.active)
      order by b.id limit $1`,
    [MOST],
  );
}
