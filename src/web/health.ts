import type { FastifyInstance } from 'fastify';
import { droppedLines } from '../lib/log/standard-output.ts';
import { describeDisk } from './disk.ts';
import { renderMetrics } from './metrics.ts';
import type { Metric } from './metrics.ts';
import { listCrons } from './queries/crons.ts';
import type { CronView } from './queries/crons.ts';
import { countQueues } from './queries/queue-counts.ts';
import type { QueueCount } from './queries/queue-counts.ts';
import type { Site } from './site.ts';

/** Liveness, readiness and figures. The first two say nothing a stranger may not know. */
export function installHealth(app: FastifyInstance, site: Site): void {
  app.get('/healthz', { config: { access: 'public' } }, () => ({ alive: true }));
  app.get('/readyz', { config: { access: 'public' } }, async (_request, reply) => {
    const readiness = await checkReadiness(site);
    return reply.code(readiness.ready ? 200 : 503).send(readiness);
  });
  app.get('/metrics', async (_request, reply) => {
    const now = site.clock.now();
    const metrics = describeState(now, {
      crons: await listCrons(site.db, now),
      queues: await countQueues(site.db, now),
      stagings: await countStagings(site),
      partial: await countPartial(site),
    });
    const all = [...metrics, ...(await describeDisk(site.dataDir))];
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(renderMetrics(all));
  });
}

interface Readiness {
  readonly ready: boolean;
  readonly database: boolean;
  readonly listener: boolean;
  /** Landings that stopped half-way and wait for a repair: an alarm, though the server itself is well. */
  readonly partial_landings: number | null;
  /** Seconds since the last successful run of each cron; null: none yet. */
  readonly crons: Readonly<Record<string, number | null>>;
}

async function checkReadiness(site: Site): Promise<Readiness> {
  const listener = site.listening();
  try {
    const now = site.clock.now();
    await assertWritable(site);
    const crons = await listCrons(site.db, now);
    const ages = crons.map((cron) => [cron.name, ageSeconds(now, cron.succeeded_at)] as const);
    return {
      ready: listener,
      database: true,
      listener,
      partial_landings: await countPartial(site),
      crons: Object.fromEntries(ages),
    };
  } catch (error) {
    site.log.warn({ err: error }, 'not ready: the database does not answer');
    return { ready: false, database: false, listener, partial_landings: null, crons: {} };
  }
}

/** A database that takes no writes lets nothing be done (reliability F-041). @throws Error when it is read-only. */
async function assertWritable({ db }: Site): Promise<void> {
  const rows = await db.query<{ no: string }[]>(
    `select current_setting('transaction_read_only') as no`,
  );
  if (rows[0]?.no === 'on') throw new Error('the database is read-only');
}

function ageSeconds(now: Date, then: Date | null): number | null {
  return then === null ? null : Math.max(0, Math.round((now.getTime() - then.getTime()) / 1000));
}

interface State {
  readonly crons: readonly CronView[];
  readonly queues: Readonly<Record<string, QueueCount>>;
  readonly stagings: readonly { readonly state: string; readonly count: number }[];
  readonly partial: number;
}

function describeState(now: Date, { crons, queues, stagings, partial }: State): Metric[] {
  const perCron = (value: (cron: CronView) => number | null): Metric['samples'] =>
    crons.map((cron) => ({ labels: { cron: cron.name }, value: value(cron) }));
  const perQueue = Object.entries(queues).flatMap(([queue, count]) =>
    Object.entries(count).map(([state, value]: [string, number]) => ({
      labels: { queue, state },
      value,
    })),
  );
  const perState = stagings.map(({ state, count }) => ({ labels: { state }, value: count }));
  return [
    {
      name: 'stagecoach_cron_active',
      help: '1 while the switch is on',
      samples: perCron((cron) => Number(cron.active)),
    },
    {
      name: 'stagecoach_cron_running',
      help: '1 while a run is under way',
      samples: perCron((cron) => Number(cron.running)),
    },
    {
      name: 'stagecoach_cron_failures',
      help: 'failed runs in a row',
      samples: perCron((cron) => cron.failures),
    },
    {
      name: 'stagecoach_cron_success_age_seconds',
      help: 'seconds since the last successful run',
      samples: perCron((cron) => ageSeconds(now, cron.succeeded_at)),
    },
    {
      name: 'stagecoach_cron_run_seconds',
      help: 'seconds since the run under way began; 0 when none is',
      samples: perCron((cron) => (cron.running ? (ageSeconds(now, cron.started_at) ?? 0) : 0)),
    },
    { name: 'stagecoach_queue_rows', help: 'rows of the work queues', samples: perQueue },
    { name: 'stagecoach_stagings', help: 'stagings ever made, by state', samples: perState },
    {
      name: 'stagecoach_partial_landings',
      help: 'landings that stopped half-way and wait for a repair',
      samples: [{ labels: {}, value: partial }],
    },
    {
      name: 'stagecoach_log_dropped_lines',
      help: 'lines of the log of this process that nobody will read: their reader was too slow, or gone',
      samples: [{ labels: {}, value: droppedLines() }],
    },
  ];
}

function countStagings({ db }: Site): Promise<State['stagings']> {
  return db.query(
    'select state, count(*)::int as count from staging group by state order by state',
  );
}

async function countPartial({ db }: Site): Promise<number> {
  const rows = await db.query<{ count: number }[]>(
    `select count(*)::int as count from staging where state = 'partial' and ended_at is null`,
  );
  return rows[0]?.count ?? 0;
}
