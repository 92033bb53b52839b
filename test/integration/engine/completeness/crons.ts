import type { DataSource, EntityManager } from 'typeorm';
import { drain } from '../../../../src/crons/drain.ts';
import { maintain } from '../../../../src/crons/maintain.ts';
import type { CronBody } from '../../../../src/crons/runner.ts';
import { warnLinked } from '../../../../src/crons/warn-linked.ts';
import { TryLater } from '../../../../src/lib/try-later.ts';
import type { QueueRow } from '../../../../src/models/queue-row.ts';
import type { CronName } from '../../../../src/triggers/names.ts';
import { QUEUES } from '../../../../src/triggers/table.ts';
import type { Run } from '../../../../src/world.ts';
import { dueWork } from './work.ts';

/** Ports of a project wait while it has porting switched off. */
const PORTING = `exists (select from batch b join project p on p.id = b.project_id
  where b.id = q.batch_id and p.active and (p.settings #>> '{forwardport,enabled}')::boolean)`;

/** A queue of the product, worked off by its own loop; some rows fail, some ask for a later time. */
function drainQueue(db: DataSource, { table }: (typeof QUEUES)[number]): CronBody {
  const entity = db.getMetadata(table).target as new () => QueueRow;
  const keeps = table === 'delivery' || table === 'feedback';
  return (run) =>
    drain(
      run,
      {
        ...{ table, entity, maxAttempts: 3, delayMs: (attempt) => attempt * 600_000 },
        ...(keeps ? { keeps } : {}),
        ...(table === 'forwardport_job' ? { onlyIf: PORTING } : {}),
      },
      async (row, finish) => {
        const fate = (row.id + row.attempts) % 5;
        if (fate === 0) throw new Error('refused');
        const later = new TryLater('not yet', { afterMs: 300_000, counts: true });
        await finish(fate === 1 ? () => Promise.resolve(later) : undefined);
      },
    );
}

/** Does by SQL what a cron would do with its due work; what somebody has locked makes it fail, as a lock timeout would. */
function settle(cron: CronName, ...statements: readonly string[]): CronBody {
  const work = async (tx: EntityManager, run: Run) => {
    for (const sql of statements) await tx.query(sql, [run.now]);
  };
  return async (run) => {
    await run.transaction((tx) => work(tx, run));
    const left = await dueWork(run.world.db, cron, run.now);
    if (left.length > 0) throw new Error(`locked by somebody: ${left.join(', ')}`);
  };
}

/** Bodies for all crons: the real ones where they touch nothing but rows, and plain stand-ins for those that use git and GitHub. */
export function cronBodies(db: DataSource): Partial<Record<CronName, CronBody>> {
  const queues = QUEUES.map((queue) => [queue.cron, drainQueue(db, queue)] as const);
  return {
    ...(Object.fromEntries(queues) as Partial<Record<CronName, CronBody>>),
    'linked-warnings': warnLinked,
    maintenance: maintain,
    merge: settle(
      'merge',
      `update landing_step set state = 'moved', moved_at = $1 where (staging_id, repository_id) in (
        select staging_id, repository_id from landing_step where retry_at <= $1 for update skip locked)`,
      `update staging set active = false, ended_at = $1 where id in (
        select s.id from staging s join project p on p.id = s.project_id join branch b on b.id = s.branch_id
         where s.active and (not b.active or s.state = 'failure' or (s.state = 'success' and not p.frozen)
                             or (s.state = 'pending' and s.timeout_at <= $1)) for update of s skip locked)`,
    ),
    staging: settle(
      'staging',
      `insert into staging (project_id, branch_id, staged_at, pushed_at, timeout_at)
        select b.project_id, b.id, $1, $1, $1::timestamptz + interval '45 minutes'
          from branch b join project p on p.id = b.project_id
         where b.active and b.staging_enabled and p.active and p.staging_enabled and not p.frozen
           and not exists (select from staging s where s.branch_id = b.id and s.active)
           and exists (select from batch t where t.target_id = b.id and t.blocked is null)`,
    ),
    reminders: settle(
      'reminders',
      `update pull_request set reminder_at = $1::timestamptz + interval '1 day' where id in (
        select id from pull_request where reminder_at <= $1 for update skip locked)`,
    ),
  };
}
