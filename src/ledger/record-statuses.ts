import type { EntityManager } from 'typeorm';
import { StatusJob } from '../models/queues.ts';
import { checkRunState } from '../rules/status.ts';

/** One word of CI, from a webhook or from the API. */
export interface Report {
  readonly kind: 'status' | 'check_run';
  readonly context: string;
  /** GitHub's own word, as the gateway hands it on. */
  readonly state: string;
  readonly description: string | null;
  readonly url: string | null;
  readonly at: Date;
}

/** A commit of a repository. */
export interface Commit {
  readonly repositoryId: number;
  readonly sha: string;
}

/**
 * Keeps the newest word of each context on a commit, in whatever order they come (R10). GitHub counts whole seconds: of
 * two words of one second the final one wins over `pending`, otherwise the later comer. What changed is queued for the
 * pull requests and stagings on that commit, and counts for nobody before {@link applyWords} (R3).
 */
export async function recordStatuses(
  tx: EntityManager,
  { commit, reports }: { readonly commit: Commit; readonly reports: readonly Report[] },
  now: Date,
): Promise<void> {
  if (reports.length === 0) return;
  const changed = await tx.query<unknown[]>(UPSERT, [
    commit.repositoryId,
    commit.sha,
    reports.map((one) => one.context),
    reports.map((one) => one.kind),
    reports.map(stateOf),
    reports.map((one) => one.url),
    reports.map((one) => one.description),
    reports.map((one) => one.at),
  ]);
  if (changed.length > 0) await tx.insert(StatusJob, { ...commit, queuedAt: now });
}

/** From now on what CI said of a commit counts. */
export async function applyWords(tx: EntityManager, { repositoryId, sha }: Commit): Promise<void> {
  await tx.query(
    'update commit_status set waiting = false, before = null where repository_id = $1 and sha = $2 and waiting',
    [repositoryId, sha],
  );
}

/** A word that is newer than this code holds the change without failing it. */
function stateOf({ state }: Report): string {
  return state === 'pending' ? state : checkRunState('completed', state);
}

const UPSERT = `
insert into commit_status as known (repository_id, sha, context, kind, state, url, description, at, waiting)
select $1, $2, context, kind, state, url, description, at, true
  from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[])
    as report (context, kind, state, url, description, at)
on conflict (repository_id, sha, context) do update
   set kind = excluded.kind, state = excluded.state, url = excluded.url,
       description = excluded.description, at = excluded.at, waiting = true,
       before = case when known.waiting then known.before else jsonb_build_object(
         'state', known.state, 'url', known.url, 'description', known.description, 'at', known.at) end
 where (excluded.at > known.at
        or (excluded.at = known.at and (excluded.state <> 'pending' or known.state = 'pending')))
   and (excluded.state, excluded.url, excluded.description, excluded.at, excluded.kind)
       is distinct from (known.state, known.url, known.description, known.at, known.kind)
returning 1`;
