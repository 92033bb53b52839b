import type { DataSource } from 'typeorm';
import type { Repair, StagingState } from '../../models/staging.ts';
import type { CiState } from '../../rules/status.ts';
import { pullRefs } from './pull-refs.ts';
import type { PullRef } from './pull-refs.ts';
import { judge } from '../../models/queries/verdicts.ts';

/** A pull request in a staging: as it was staged, beside what it is now. */
export interface StagedPull extends PullRef {
  readonly head: string;
  readonly merged_sha: string;
}

/** What is tested in one repository. */
export interface StagedHead {
  readonly base: string;
  readonly head: string;
  /** False: nothing of this staging goes there; the branch is tested as it is. */
  readonly changed: boolean;
}

/** One CI context of a staging in one repository. */
export interface StagedStatus {
  readonly repository: string;
  readonly context: string;
  readonly state: 'absent' | CiState;
  readonly required: boolean;
  readonly url: string | null;
}

/** A staging as API and pages show it (contract 4). */
export interface StagingView {
  readonly id: number;
  readonly project: string;
  readonly branch: string;
  readonly state: StagingState;
  readonly active: boolean;
  readonly reason: string | null;
  readonly staged_at: Date;
  readonly ended_at: Date | null;
  readonly timeout_at: Date;
  readonly batches: readonly { readonly id: number; readonly pulls: readonly StagedPull[] }[];
  readonly heads: Readonly<Record<string, StagedHead>>;
  readonly statuses: readonly StagedStatus[];
  /** The staging whose split it tests. */
  readonly parent: number | null;
  readonly likely_false_positive: boolean;
  /** The landing that stopped half-way which it finishes or reverts. */
  readonly repairs: number | null;
  readonly repair: Repair | null;
  /** Batches of the split it tests that are not in it. */
  readonly losses: readonly number[];
}

type StagingRow = Omit<StagingView, 'batches' | 'heads' | 'statuses'>;

interface PullRow {
  readonly staging: number;
  readonly batch: number;
  readonly pull: number;
  readonly head: string;
  readonly merged_sha: string;
}

interface HeadRow extends StagedHead {
  readonly staging: number;
  readonly repository: string;
  readonly repositoryId: number;
}

/** Which stagings are asked for; newest first. */
export interface StagingFilter {
  readonly project?: string | undefined;
  readonly branch?: string | undefined;
  readonly state?: StagingState | undefined;
  /** Only those with a smaller id: the cursor. */
  readonly after?: number | undefined;
  readonly id?: number | undefined;
  readonly active?: boolean | undefined;
  readonly limit: number;
}

/** Lists stagings, newest first, each with its batches, heads and statuses. */
export async function listStagings(db: DataSource, filter: StagingFilter): Promise<StagingView[]> {
  const rows = await db.query<StagingRow[]>(
    `select s.id, p.name as project, b.name as branch, s.state, s.active, s.reason, s.staged_at, s.ended_at,
            s.timeout_at, s.parent_id as parent, s.likely_false_positive, s.repairs_id as repairs, s.repair, s.losses
       from staging s join branch b on b.id = s.branch_id join project p on p.id = s.project_id
      where ($1::text is null or p.name = $1) and ($2::text is null or b.name = $2)
        and ($3::text is null or s.state = $3) and ($4::int is null or s.id < $4)
        and ($5::int is null or s.id = $5) and ($6::boolean is null or s.active = $6)
      order by s.id desc limit $7`,
    [
      filter.project ?? null,
      filter.branch ?? null,
      filter.state ?? null,
      filter.after ?? null,
      filter.id ?? null,
      filter.active ?? null,
      filter.limit,
    ],
  );
  return fill(db, rows);
}

/** One staging, or null. */
export async function findStaging(db: DataSource, id: number): Promise<StagingView | null> {
  const rows = await listStagings(db, { id, limit: 1 });
  return rows[0] ?? null;
}

/** Adds what lies in other tables: a few statements for all rows together. */
async function fill(db: DataSource, rows: readonly StagingRow[]): Promise<StagingView[]> {
  const ids = rows.map((row) => row.id);
  const pulls = await db.query<PullRow[]>(
    `select p.staging_id as staging, p.batch_id as batch, p.pull_request_id as pull, p.head, p.merged_sha
       from staging_pull p left join staging_batch b on b.staging_id = p.staging_id and b.batch_id = p.batch_id
      where p.staging_id = any($1) order by p.staging_id, b.position, p.position`,
    [ids],
  );
  const heads = await db.query<HeadRow[]>(
    `select h.staging_id as staging, r.id as "repositoryId", r.name as repository, h.base, h.head, h.changed
       from staging_head h join repository r on r.id = h.repository_id
      where h.staging_id = any($1) order by r.sequence, r.id`,
    [ids],
  );
  const refs = await pullRefs(
    db,
    pulls.map((pull) => pull.pull),
  );
  const branches = new Map(rows.map((row) => [row.id, row.branch]));
  const statuses = await statusesOf(db, heads, branches);
  return rows.map((row) => ({
    ...row,
    batches: groupBatches(
      pulls.filter((pull) => pull.staging === row.id),
      refs,
    ),
    heads: Object.fromEntries(
      heads
        .filter((head) => head.staging === row.id)
        .map(({ repository, base, head, changed }) => [repository, { base, head, changed }]),
    ),
    statuses: statuses.filter(({ staging }) => staging === row.id).map(({ status }) => status),
  }));
}

function groupBatches(
  rows: readonly PullRow[],
  refs: ReadonlyMap<number, PullRef>,
): StagingView['batches'] {
  const batches = new Map<number, StagedPull[]>();
  for (const { batch, pull, head, merged_sha } of rows) {
    const ref = refs.get(pull);
    if (!ref) continue;
    batches.set(batch, [...(batches.get(batch) ?? []), { ...ref, head, merged_sha }]);
  }
  return [...batches].map(([id, pulls]) => ({ id, pulls }));
}

async function statusesOf(
  db: DataSource,
  heads: readonly HeadRow[],
  branches: ReadonlyMap<number, string>,
): Promise<{ staging: number; status: StagedStatus }[]> {
  const verdicts = await judge(
    db,
    heads.map(({ staging, repositoryId, head }) => ({
      purpose: 'staging',
      repositoryId,
      sha: head,
      branch: branches.get(staging) ?? '',
    })),
  );
  return heads.flatMap(({ staging, repository }, index) =>
    (verdicts[index]?.contexts ?? []).map(({ context, state, required, url }) => ({
      staging,
      status: { repository, context, state, required, url },
    })),
  );
}
