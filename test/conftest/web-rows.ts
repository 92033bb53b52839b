import type { DataSource } from 'typeorm';
import type { PullRequestState } from '../../src/rules/pull-request.ts';

const REPOSITORIES = { app: 1, web: 2 } as const;
const BRANCHES = { '17.0': 1, '18.0': 2, master: 3 } as const;
let sequence = 0;

/** A pull request in the tables, as the ledger would have left it. */
export interface PullFacts {
  readonly repository?: keyof typeof REPOSITORIES;
  readonly onto?: keyof typeof BRANCHES;
  readonly number: number;
  readonly title: string;
  readonly state: PullRequestState;
  /** Another pull request of its batch; a batch of its own when left out. */
  readonly with?: PullRow;
  readonly blocked?: string;
  readonly error?: string;
  readonly draft?: boolean;
  readonly body?: string;
  readonly source?: PullRow;
  readonly parent?: PullRow;
  readonly detached?: string;
  readonly conflict?: boolean;
  readonly openedAt?: string;
  readonly mergedSha?: string;
}

/** What others refer to it by. */
export interface PullRow {
  readonly id: number;
  readonly batchId: number;
  readonly head: string;
}

/** Adds a pull request, its batch, and people. */
export async function addPull(db: DataSource, facts: PullFacts): Promise<PullRow> {
  const head = commit();
  const { repository = 'app', onto = 'master', state, openedAt = '2026-05-04T06:00:00Z' } = facts;
  const batchId = facts.with?.batchId ?? (await addBatch(db, facts));
  const approved = ['approved', 'ready', 'merged', 'error'].includes(state);
  const [row] = await db.query<[{ id: number }]>(
    `insert into pull_request (repository_id, number, title, body, base, target_id, head, label, head_label, author_id,
        draft, closed, commit_count, opened_at, github_updated_at, approved_by_id, approved_sha, approved_at, error, status,
        state, state_since, blocked, batch_id, merged_sha, source_id, parent_id, detach_reason, conflict)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10, $11, 1, $12, $12, $13, $14, $15, $16, $17, $18, $12, $19, $20, $21,
        $22, $23, $24, $25) returning id`,
    [
      ...[REPOSITORIES[repository], facts.number, facts.title, facts.body ?? ''],
      ...[onto, BRANCHES[onto], head, `alice:${facts.title}`, await person(db, 'alice')],
      ...[facts.draft ?? false, state === 'closed', openedAt],
      ...(approved ? [await person(db, 'rita'), head, openedAt] : [null, null, null]),
      ...[
        facts.error ?? null,
        ['ready', 'validated', 'merged'].includes(state) ? 'success' : 'pending',
      ],
      ...[state, facts.blocked ?? null, batchId, facts.mergedSha ?? null],
      ...[facts.source?.id ?? null, facts.parent?.id ?? null, facts.detached ?? null],
      facts.conflict ?? false,
    ],
  );
  return { id: row.id, batchId, head };
}

async function addBatch(db: DataSource, facts: PullFacts): Promise<number> {
  const { state, blocked, onto = 'master', openedAt = '2026-05-04T06:00:00Z' } = facts;
  const merged = state === 'merged' ? '2026-05-04T07:30:00Z' : null;
  const why = merged ? 'Merged.' : (blocked ?? (state === 'ready' ? null : 'not ready'));
  const [row] = await db.query<[{ id: number }]>(
    `insert into batch (project_id, target_id, label, merged_at, blocked, unblocked_at, parent_id, created_at)
      values (1, $1, $2, $3, $4, $5, $6, $5) returning id`,
    [
      ...[BRANCHES[onto], `alice:${facts.title}`, merged, why, openedAt],
      (facts.parent ?? facts.source)?.batchId ?? null,
    ],
  );
  return row.id;
}

async function person(db: DataSource, login: string): Promise<number> {
  const known = await db.query<{ id: number }[]>('select id from person where login = $1', [login]);
  if (known[0]) return known[0].id;
  const [row] = await db.query<[{ id: number }]>(
    'insert into person (login, github_id) values ($1, $2) returning id',
    [login, String(100 + login.length)],
  );
  return row.id;
}

/** A staging of pull requests that are in the tables. */
export interface StagingFacts {
  readonly onto?: keyof typeof BRANCHES;
  readonly state: 'pending' | 'success' | 'failure' | 'cancelled' | 'ff_failed';
  readonly pulls: readonly PullRow[];
  readonly reason?: string;
  readonly stagedAt?: string;
  /** What CI says of each head, by repository. */
  readonly statuses?: Readonly<
    Partial<Record<keyof typeof REPOSITORIES, 'pending' | 'success' | 'failure'>>
  >;
}

/** Adds a staging, running while its state is pending. */
export async function addStaging(db: DataSource, facts: StagingFacts): Promise<number> {
  const { onto = 'master', state, pulls, stagedAt = '2026-05-04T07:40:00Z' } = facts;
  const ended = state === 'pending' ? null : '2026-05-04T07:50:00Z';
  const [row] = await db.query<[{ id: number }]>(
    `insert into staging (project_id, branch_id, state, active, reason, staged_at, ended_at, timeout_at)
      values (1, $1, $2, $3, $4, $5, $6, $5::timestamptz + interval '1h') returning id`,
    [BRANCHES[onto], state, state === 'pending', facts.reason ?? null, stagedAt, ended],
  );
  for (const batchId of new Set(pulls.map((pull) => pull.batchId)))
    await db.query('insert into staging_batch values ($1, $2, $3)', [row.id, batchId, batchId]);
  for (const [position, pull] of pulls.entries())
    await db.query(
      `insert into staging_pull (staging_id, pull_request_id, batch_id, position, head, merged_sha, commits_map)
        values ($1, $2, $3, $4, $5, $6, '{}')`,
      [row.id, pull.id, pull.batchId, position, pull.head, commit()],
    );
  for (const [repository, id] of Object.entries(REPOSITORIES) as ['app' | 'web', 1 | 2][]) {
    const head = commit();
    await db.query('insert into staging_head values ($1, $2, $3, $4, true)', [
      row.id,
      id,
      commit(),
      head,
    ]);
    const verdict = facts.statuses?.[repository];
    if (verdict) await addStatus(db, { repository, sha: head, state: verdict });
  }
  return row.id;
}

/** What CI said about a commit. */
export async function addStatus(
  db: DataSource,
  facts: { repository: 'app' | 'web'; sha: string; state: string; url?: string },
): Promise<void> {
  await db.query(
    `insert into commit_status (repository_id, sha, context, kind, state, url, at)
      values ($1, $2, 'ci/test', 'status', $3, $4, '2026-05-04T07:45:00Z')`,
    [
      ...[REPOSITORIES[facts.repository], facts.sha, facts.state],
      facts.url ?? 'https://ci.test/build/1',
    ],
  );
}

/** A commit id nobody has used yet: the same ones in every run. */
function commit(): string {
  sequence += 1;
  return sequence.toString(16).padStart(6, '0').repeat(7).slice(0, 40);
}
