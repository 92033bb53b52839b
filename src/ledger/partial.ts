import type { EntityManager } from 'typeorm';
import { LandingStep } from '../models/landing-step.ts';
import { Project } from '../models/project.ts';
import { type Repair, Staging } from '../models/staging.ts';
import { type BatchPlace, type HalfPull, placeBatches } from '../rules/partial-landing.ts';
import { cancelStaging } from './stagings.ts';

/** A pull request of a landing that stopped half-way, as its batch is not merged yet. */
export interface HeldPull extends HalfPull {
  readonly pullRequestId: number;
  readonly repositoryId: number;
  /** The staging that brought it to the target last: the landing itself, or one that finished it. */
  readonly landedIn: number | null;
  /** It had landed, and a repair undid it. */
  readonly undone: boolean;
}

/** What a landing that stopped half-way still holds. */
export interface PartialLanding {
  /** In staging order. */
  readonly pulls: readonly HeldPull[];
  readonly places: ReadonlyMap<number, BatchPlace>;
}

interface HeldRow {
  readonly pullRequestId: number;
  readonly batchId: number;
  readonly repositoryId: number;
  readonly stagingId: number | null;
  readonly repair: Repair | null;
}

/**
 * Reads where the pull requests of a partial landing are: the last target that moved for each of them decides, be it by the
 * landing or by a repair. So a repair may itself stop half-way, or the other one be chosen, and nothing is counted twice.
 */
export async function readPartial(tx: EntityManager, stagingId: number): Promise<PartialLanding> {
  const rows = await tx.query<HeldRow[]>(
    `select sp.pull_request_id as "pullRequestId", sp.batch_id as "batchId", p.repository_id as "repositoryId",
            last.id as "stagingId", last.repair
       from staging_pull sp
       join pull_request p on p.id = sp.pull_request_id
       join batch b on b.id = sp.batch_id
       left join lateral (
         select s.id, s.repair from landing_step l join staging s on s.id = l.staging_id
          where (s.id = sp.staging_id or s.repairs_id = sp.staging_id)
            and l.repository_id = p.repository_id and l.state = 'moved'
            and (s.repair = 'revert' or exists (
                  select from staging_pull x where x.staging_id = s.id and x.pull_request_id = p.id))
          order by s.id desc limit 1) last on true
      where sp.staging_id = $1 and b.merged_at is null
      order by sp.position`,
    [stagingId],
  );
  const pulls = rows.map(({ stagingId: at, repair, ...row }): HeldPull => {
    const landed = at !== null && repair !== 'revert';
    return { ...row, landed, landedIn: landed ? at : null, undone: repair === 'revert' };
  });
  return { pulls, places: placeBatches(pulls) };
}

/** The pull requests of a batch that straddles between targets, because its landing stopped half-way; null: it does not. */
export async function straddlingPulls(
  tx: EntityManager,
  batchId: number,
): Promise<readonly HeldPull[] | null> {
  const stopped = await tx.query<{ id: number }[]>(
    `select s.id from staging s
      where s.state = 'partial' and s.ended_at is null
        and exists (select from staging_pull p where p.staging_id = s.id and p.batch_id = $1)`,
    [batchId],
  );
  for (const { id } of stopped) {
    const { pulls, places } = await readPartial(tx, id);
    if (places.get(batchId) === 'straddling') return pulls.filter((one) => one.batchId === batchId);
  }
  return null;
}

/** Whether a pull request is in its target while others of its batch are not: what GitHub tells of it means little now. */
export async function isHalfLanded(
  tx: EntityManager,
  pull: { readonly id: number; readonly batchId: number },
): Promise<boolean> {
  const pulls = await straddlingPulls(tx, pull.batchId);
  return pulls?.some((one) => one.pullRequestId === pull.id && one.landed) ?? false;
}

/**
 * Asks for a repair of a landing that stopped half-way; the staging cron makes it. A repair of the other kind that is being
 * tested gives way.
 *
 * @returns why not, or null when it was done. Nothing is written when it is refused.
 */
export async function wantRepair(
  tx: EntityManager,
  stagingId: number,
  { repair, now }: { readonly repair: Repair; readonly now: Date },
): Promise<string | null> {
  const staging = await tx.findOne(Staging, {
    where: { id: stagingId },
    lock: { mode: 'pessimistic_write' },
  });
  if (!staging) return 'there is no such staging';
  if (staging.state !== 'partial' || staging.repairsId !== null)
    return 'its landing did not stop half-way';
  if (staging.endedAt !== null) return `it is repaired: ${staging.reason ?? ''}`;
  const running = await tx.findOneBy(Staging, { repairsId: stagingId, active: true });
  if (running) {
    if (running.repair === repair) return `staging ${running.id} does that already`;
    const reason = `${repair} was asked for instead`;
    if (!(await cancelStaging(tx, running.id, { reason, now })))
      return `staging ${running.id} is landing`;
  }
  await tx.update(Staging, stagingId, { repairWanted: repair });
  return null;
}

/** The project may land again once none of its landings waits for a repair. */
export async function thaw(tx: EntityManager, projectId: number): Promise<boolean> {
  await tx.findOneOrFail(Project, {
    where: { id: projectId },
    lock: { mode: 'pessimistic_write' },
  });
  const rows = await tx.query<unknown[]>(
    `select 1 from staging where project_id = $1 and state = 'partial' and ended_at is null limit 1`,
    [projectId],
  );
  if (rows.length > 0) return false;
  await tx.update(Project, projectId, { frozen: false });
  return true;
}

/** Which targets a landing moved and which not, by repository names. */
export async function movedTargets(
  tx: EntityManager,
  stagingId: number,
): Promise<{ readonly landed: string[]; readonly failed: string[] }> {
  const steps = await tx.findBy(LandingStep, { stagingId });
  const rows = await tx.query<{ id: number; name: string }[]>(
    'select id, name from repository where id = any($1) order by sequence, id',
    [steps.map((step) => step.repositoryId)],
  );
  const isMoved = (id: number) =>
    steps.some((step) => step.repositoryId === id && step.state === 'moved');
  return {
    landed: rows.filter((row) => isMoved(row.id)).map((row) => row.name),
    failed: rows.filter((row) => !isMoved(row.id)).map((row) => row.name),
  };
}
