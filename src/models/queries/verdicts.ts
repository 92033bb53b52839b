import type { EntityManager } from 'typeorm';
import { matchesWhole } from '../../lib/pattern.ts';
import { verdict } from '../../rules/status.ts';
import type {
  ReceivedStatus,
  RequiredStatus,
  StatusOverride,
  Verdict,
} from '../../rules/status.ts';

/** Something that can be asked: a pool, or the transaction at hand. */
export type Reader = Pick<EntityManager, 'query'>;

/** A commit to judge: for a pull request, or as the head of a staging. */
export interface Subject {
  readonly purpose: 'pull-request' | 'staging';
  readonly repositoryId: number;
  readonly sha: string;
  /** The target branch: which contexts count depends on it. */
  readonly branch: string;
  readonly overrides?: readonly StatusOverride[];
}

interface RequiredRow extends RequiredStatus {
  readonly repositoryId: number;
  readonly branchFilter: string;
}

interface ReceivedRow extends ReceivedStatus {
  readonly repositoryId: number;
  readonly sha: string;
}

/**
 * What CI says about commits, in the order of the subjects: two statements, however many they are. A word counts once the
 * `statuses` cron has brought it, so that switching that off leaves everything as it was (R3).
 */
export async function judge(db: Reader, subjects: readonly Subject[]): Promise<Verdict[]> {
  if (subjects.length === 0) return [];
  const repositories = [...new Set(subjects.map((subject) => subject.repositoryId))];
  const required = await db.query<RequiredRow[]>(
    `select repository_id as "repositoryId", context, prs, stagings, branch_filter as "branchFilter"
       from required_status where repository_id = any($1) order by id`,
    [repositories],
  );
  const received = await db.query<ReceivedRow[]>(
    `select repository_id as "repositoryId", sha, context, state, url, description, at
       from commit_status where repository_id = any($1) and sha = any($2) and not waiting
     union all
     select repository_id, sha, context, before->>'state', before->>'url', before->>'description',
            (before->>'at')::timestamptz
       from commit_status where repository_id = any($1) and sha = any($2) and waiting and before is not null`,
    [repositories, subjects.map((subject) => subject.sha)],
  );
  return subjects.map((subject) => judgeOne(subject, required, received));
}

function judgeOne(
  { purpose, repositoryId, sha, branch, overrides = [] }: Subject,
  required: readonly RequiredRow[],
  received: readonly ReceivedRow[],
): Verdict {
  return verdict({
    purpose,
    required: required.filter(
      (row) => row.repositoryId === repositoryId && matchesWhole(row.branchFilter, branch),
    ),
    received: received.filter((row) => row.repositoryId === repositoryId && row.sha === sha),
    overrides,
  });
}
