import type { GateFacts, SwitchFacts } from '../../rules/gates.ts';
import type { MergeMethod } from '../../rules/merge-method.ts';
import { overridesOf } from './overrides.ts';
import { judge } from './verdicts.ts';
import type { Reader } from './verdicts.ts';

interface PullFacts {
  readonly repositoryId: number;
  readonly head: string;
  readonly base: string;
  readonly closed: boolean;
  readonly merged: boolean;
  readonly endedAt: Date | null;
  readonly managed: boolean;
  readonly branchActive: boolean | null;
  readonly branchStaging: boolean | null;
  readonly branchObject: string;
  readonly draft: boolean;
  readonly error: string | null;
  readonly stateSince: Date;
  readonly mergeMethod: MergeMethod | null;
  readonly commitCount: number;
  readonly skipchecks: boolean;
  readonly approvedBy: string | null;
  readonly approvedAt: Date | null;
  readonly projectStaging: boolean;
  readonly projectObject: string;
  readonly frozen: boolean;
  readonly targetId: number | null;
  readonly batchId: number;
}

/** What the gates of a pull request are judged by (R12): the one list for page, API, command line and `info`. */
export async function gateFacts(db: Reader, pullId: number): Promise<GateFacts> {
  const pull = await readPull(db, pullId);
  const [statuses] = await judge(db, [
    {
      purpose: 'pull-request',
      repositoryId: pull.repositoryId,
      sha: pull.head,
      branch: pull.base,
      overrides: await overridesOf(db, pullId),
    },
  ]);
  if (!statuses) throw new Error('one subject gives one verdict');
  const { closed, merged, endedAt, draft, skipchecks } = pull;
  return {
    closed,
    merged,
    endedAt,
    target: { name: pull.base, managed: pull.managed, active: pull.branchActive ?? false },
    draft,
    error: pull.error === null ? null : { reason: pull.error, since: pull.stateSince },
    method: {
      configured: pull.mergeMethod,
      commits: pull.commitCount === 0 ? null : pull.commitCount,
    },
    skipchecks,
    statuses,
    review: { by: pull.approvedBy, at: pull.approvedAt },
    linked: await readLinked(db, pull.batchId, pullId),
    branchStaging: await auditedSwitch(db, pull.branchStaging ?? true, pull.branchObject),
    projectStaging: await auditedSwitch(db, pull.projectStaging, pull.projectObject),
    frozen: pull.frozen
      ? {
          reason: 'a landing stopped half-way: nothing is staged until it is repaired',
          since: null,
        }
      : null,
    stagingCron: await cronSwitch(db, 'staging'),
    mergeCron: await cronSwitch(db, 'merge'),
    staging: pull.targetId === null ? null : await readStaging(db, pull.targetId, pullId),
  };
}

async function readPull(db: Reader, pullId: number): Promise<PullFacts> {
  const rows = await db.query<PullFacts[]>(
    `select p.repository_id as "repositoryId", p.head, p.base, p.closed, p.state = 'merged' as merged,
            coalesce(b.merged_at, case when p.closed then p.state_since end) as "endedAt",
            p.target_id is not null as managed, t.active as "branchActive", t.staging_enabled as "branchStaging",
            'branch:' || j.name || '/' || p.base as "branchObject", p.draft, p.error, p.state_since as "stateSince",
            p.merge_method as "mergeMethod", p.commit_count as "commitCount", b.skipchecks,
            case when p.approved_sha = p.head then v.login end as "approvedBy", p.approved_at as "approvedAt",
            j.active and j.staging_enabled as "projectStaging", 'project:' || j.name as "projectObject", j.frozen,
            p.target_id as "targetId", p.batch_id as "batchId"
       from pull_request p
       join batch b on b.id = p.batch_id
       join repository r on r.id = p.repository_id
       join project j on j.id = r.project_id
       left join branch t on t.id = p.target_id
       left join person v on v.id = p.approved_by_id
      where p.id = $1`,
    [pullId],
  );
  const row = rows[0];
  if (!row) throw new Error(`no pull request has id ${pullId}`);
  return row;
}

/** The other open pull requests of the batch, each with what keeps it from being ready. */
function readLinked(db: Reader, batchId: number, pullId: number): Promise<GateFacts['linked']> {
  return db.query(
    `select r.name || '#' || p.number as name, p.base as target,
            case when p.draft then 'is in draft' when p.state <> 'ready' and not b.skipchecks then 'is not ready' end as phrase
       from pull_request p join repository r on r.id = p.repository_id join batch b on b.id = p.batch_id
      where p.batch_id = $1 and p.id <> $2 and p.state not in ('closed', 'merged') order by p.id`,
    [batchId, pullId],
  );
}

/** A switch of a project or branch: who turned it off stands in the audit log. */
async function auditedSwitch(db: Reader, on: boolean, object: string): Promise<SwitchFacts> {
  const quiet = { on, by: null, reason: null, since: null };
  if (on) return quiet;
  const rows = await db.query<Omit<SwitchFacts, 'on'>[]>(
    `select actor as by, reason, at as since from audit
      where object = $1 and (after->>'staging_enabled' = 'false' or after->>'active' = 'false') order by id desc limit 1`,
    [object],
  );
  return { ...quiet, ...rows[0] };
}

async function cronSwitch(db: Reader, name: string): Promise<SwitchFacts> {
  const rows = await db.query<SwitchFacts[]>(
    'select active as on, changed_by as by, reason, changed_at as since from cron where name = $1',
    [name],
  );
  return rows[0] ?? { on: true, by: null, reason: null, since: null };
}

interface RunningRow {
  readonly id: number;
  readonly since: Date;
  readonly own: boolean;
  readonly branch: string;
  readonly heads: readonly { readonly repositoryId: number; readonly sha: string }[];
}

/** The running staging of the branch, its own one first where there are several (R19). */
async function readStaging(
  db: Reader,
  branchId: number,
  pullId: number,
): Promise<GateFacts['staging']> {
  const rows = await db.query<RunningRow[]>(
    `select s.id, s.staged_at as since, b.name as branch,
            exists (select from staging_pull p where p.staging_id = s.id and p.pull_request_id = $2) as own,
            (select coalesce(json_agg(json_build_object('repositoryId', h.repository_id, 'sha', h.head)), '[]')
               from staging_head h where h.staging_id = s.id) as heads
       from staging s join branch b on b.id = s.branch_id
      where s.branch_id = $1 and s.active order by own desc, s.id limit 1`,
    [branchId, pullId],
  );
  const row = rows[0];
  if (!row) return null;
  const verdicts = await judge(
    db,
    row.heads.map((head) => ({ purpose: 'staging', ...head, branch: row.branch })),
  );
  const waitingFor = verdicts.flatMap(({ contexts }) =>
    contexts
      .filter(({ counts, state }) => counts && (state === 'pending' || state === 'absent'))
      .map(({ context }) => context),
  );
  return { id: row.id, own: row.own, since: row.since, waitingFor: [...new Set(waitingFor)] };
}
