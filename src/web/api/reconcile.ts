import type { FastifyInstance } from 'fastify';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { wake } from '../../triggers/inbox.ts';
import { requireAdmin } from '../access.ts';
import { audit } from '../audit.ts';
import { found } from '../refusal.ts';
import type { Site } from '../site.ts';

const bodyShape = z.strictObject({ repository: z.string().max(300).optional() });

/** `stagecoach reconcile`: everything is read again from GitHub, or the open pull requests of one repository. */
export function installReconcile(app: FastifyInstance, site: Site): void {
  app.post('/api/reconcile', async (request, reply) => {
    await requireAdmin(site, request.caller);
    const { repository } = bodyShape.parse(request.body ?? {});
    const now = site.clock.now();
    const queued = await site.db.transaction(async (tx) => {
      const count = repository === undefined ? null : await refetch(tx, repository, now);
      if (count === null) await wake(tx, 'reconcile');
      const object = repository === undefined ? 'everything' : `repository:${repository}`;
      await audit(tx, { caller: request.caller, now, action: 'reconcile', object });
      return count;
    });
    return reply.code(202).send({ repository: repository ?? null, queued });
  });
}

/** Queues every open pull request of a repository to be read again. @returns how many. */
async function refetch(tx: EntityManager, repository: string, now: Date): Promise<number> {
  const repositories = await tx.query<{ id: number }[]>(
    'select id from repository where lower(name) = lower($1)',
    [repository],
  );
  const { id } = found(repositories[0], 'repository');
  const rows = await tx.query<unknown[]>(
    `insert into fetch_job (repository_id, number, queued_at)
      select repository_id, number, $2 from pull_request where repository_id = $1 and not closed and state <> 'merged'
      returning id`,
    [id, now],
  );
  return rows.length;
}
