import type { DataSource } from 'typeorm';
import { listCrons } from './crons.ts';
import type { CronView } from './crons.ts';
import { countQueues } from './queue-counts.ts';

/** What somebody should know before reading a page: things that are off, stuck or broken. */
export interface Alerts {
  readonly off: readonly CronView[];
  readonly failing: readonly CronView[];
  /** In one run for long: perhaps it hangs (F-109). */
  readonly slow: readonly CronView[];
  readonly dead: readonly { readonly queue: string; readonly count: number }[];
  readonly projects: readonly {
    readonly name: string;
    readonly frozen: boolean;
    readonly stagingEnabled: boolean;
  }[];
  /** Active branches on which staging is off, with who turned it off and why. */
  readonly branches: readonly BranchAlert[];
  /** Landings that stopped half-way and are not repaired yet. */
  readonly partial: readonly PartialAlert[];
  readonly listening: boolean;
}

/** A run takes seconds; one of this length is worth a look. */
const SLOW_MS = 15 * 60_000;

/** A branch on which nothing is staged. */
export interface BranchAlert {
  readonly project: string;
  readonly branch: string;
  readonly by: string | null;
  readonly reason: string | null;
}

/** A landing that stopped half-way. */
export interface PartialAlert {
  readonly id: number;
  readonly project: string;
  readonly branch: string;
  readonly reason: string | null;
  /** The staging that repairs it now; null: a person must choose, or it is about to be made. */
  readonly repairedBy: number | null;
}

/** Reads what is wrong now. */
export async function readAlerts(
  db: DataSource,
  { now, listening }: { readonly now: Date; readonly listening: boolean },
): Promise<Alerts> {
  const crons = await listCrons(db, now);
  const queues = await countQueues(db, now);
  const projects = await db.query<Alerts['projects']>(
    `select name, frozen, staging_enabled as "stagingEnabled" from project
      where active and (frozen or not staging_enabled) order by name`,
  );
  return {
    off: crons.filter((cron) => !cron.active),
    failing: crons.filter((cron) => cron.active && cron.failures > 0),
    slow: crons.filter((cron) => cron.running && runsLong(cron, now)),
    dead: Object.entries(queues)
      .filter(([, count]) => count.dead > 0)
      .map(([queue, count]) => ({ queue, count: count.dead })),
    projects,
    branches: await readBranches(db),
    partial: await readPartials(db),
    listening,
  };
}

function runsLong({ started_at: since }: CronView, now: Date): boolean {
  return since !== null && now.getTime() - since.getTime() > SLOW_MS;
}

function readPartials(db: DataSource): Promise<Alerts['partial']> {
  return db.query(
    `select s.id, p.name as project, b.name as branch, s.reason, r.id as "repairedBy"
       from staging s join branch b on b.id = s.branch_id join project p on p.id = s.project_id
       left join staging r on r.repairs_id = s.id and r.active
      where s.state = 'partial' and s.ended_at is null order by s.id`,
  );
}

function readBranches(db: DataSource): Promise<Alerts['branches']> {
  return db.query(
    `select p.name as project, b.name as branch, a.actor as by, a.reason
       from branch b join project p on p.id = b.project_id
       left join lateral (
         select actor, reason from audit
          where object = 'branch:' || p.name || '/' || b.name and after->>'staging_enabled' = 'false'
          order by id desc limit 1) a on true
      where p.active and b.active and not b.staging_enabled order by p.name, b.sequence`,
  );
}
