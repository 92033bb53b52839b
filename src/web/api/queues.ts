import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { requireAdmin } from '../access.ts';
import { audit } from '../audit.ts';
import type { Caller } from '../caller.ts';
import { idShape, page, pageShape } from '../input.ts';
import { countQueues } from '../queries/queue-counts.ts';
import { listQueue, QUEUE_STATES } from '../queries/queue-rows.ts';
import { queueNamed } from '../queues.ts';
import type { QueueName } from '../queues.ts';
import { found } from '../refusal.ts';
import type { Site } from '../site.ts';

const listShape = pageShape.extend({ state: z.enum(QUEUE_STATES).optional() });
const rowParams = z.object({ name: z.string(), id: idShape });
const whyShape = z.strictObject({ reason: z.string().max(1000).optional() });

/** The work queues: what waits, what was given up, and the two buttons of the latter. */
export function installQueues(app: FastifyInstance, site: Site): void {
  app.get('/api/queues', async () => {
    const counts = await countQueues(site.db, site.clock.now());
    return { items: Object.entries(counts).map(([name, count]) => ({ name, ...count })) };
  });
  app.get('/api/queues/:name', async (request) => {
    const queue = queueNamed(z.object({ name: z.string() }).parse(request.params).name);
    const filter = listShape.parse(request.query);
    const now = site.clock.now();
    const rows = await listQueue(site.db, queue, { ...filter, now, limit: filter.limit + 1 });
    return page(rows, filter.limit);
  });
  app.post('/api/queues/:name/:id/retry', async (request, reply) => {
    await requireAdmin(site, request.caller);
    const act = readAct(request.params, request.body ?? {}, request.caller);
    await retry(site, act);
    return reply.code(202).send({ id: act.id, queue: act.queue.name });
  });
  app.delete('/api/queues/:name/:id', async (request) => {
    await requireAdmin(site, request.caller);
    const act = readAct(request.params, request.body ?? {}, request.caller);
    await drop(site, act);
    return { id: act.id, queue: act.queue.name };
  });
}

interface Act {
  readonly queue: QueueName;
  readonly id: number;
  readonly caller: Caller;
  readonly reason: string | null;
}

function readAct(params: unknown, body: unknown, caller: Caller): Act {
  const { name, id } = rowParams.parse(params);
  return { queue: queueNamed(name), id, caller, reason: whyShape.parse(body).reason ?? null };
}

/** Makes a row due at once, with all its tries before it. The deadline's trigger wakes the cron. */
function retry({ db, clock }: Site, { queue, id, caller, reason }: Act): Promise<void> {
  const now = clock.now();
  const sql = `update ${queue.table} set dead_at = null, attempts = 0, retry_at = $2 where id = $1 and ${queue.open} returning id`;
  return db.transaction(async (tx) => {
    const [rows] = await tx.query<[{ id: number }[], number]>(sql, [id, now]);
    found(rows[0], 'row in this queue');
    const object = `queue:${queue.name}/${id}`;
    await audit(tx, { caller, now, action: 'queue.retry', object, reason });
  });
}

/** Deletes a row for good; the audit log keeps what it was. */
function drop({ db, clock }: Site, { queue, id, caller, reason }: Act): Promise<void> {
  const now = clock.now();
  const sql = `delete from ${queue.table} q where id = $1 and ${queue.open} returning to_jsonb(q) - 'body' as row`;
  return db.transaction(async (tx) => {
    const [rows] = await tx.query<[{ row: unknown }[], number]>(sql, [id]);
    const before = found(rows[0], 'row in this queue').row;
    const object = `queue:${queue.name}/${id}`;
    await audit(tx, { caller, now, action: 'queue.drop', object, before, reason });
  });
}
