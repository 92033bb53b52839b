import type { FastifyInstance } from 'fastify';
import { listCrons } from './queries/crons.ts';
import type { CronView } from './queries/crons.ts';
import { countQueues } from './queries/queue-counts.ts';
import type { Site } from './site.ts';

/** `GET /api/status`: whether the bot has anything to do now. */
export function installStatus(app: FastifyInstance, site: Site): void {
  app.get('/api/status', async () => {
    const now = site.clock.now();
    const queues = await countQueues(site.db, now);
    const crons = await listCrons(site.db, now);
    return { idle: crons.every(isIdle), now, crons, queues };
  });
}

/**
 * Nothing runs, and no wake of a switched-on cron waits. Each row of a queue comes with a wake, and each of its retries
 * too: a due row without one is held back by a switch or by its predecessor, and nothing will happen to it now.
 */
function isIdle(cron: CronView): boolean {
  return !cron.running && !(cron.active && cron.due);
}
