import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { requireAdmin } from '../access.ts';
import { audit } from '../audit.ts';
import { idShape, page, pageShape, reasonShape } from '../input.ts';
import { findStaging, listStagings } from '../queries/stagings.ts';
import type { StagingView } from '../queries/stagings.ts';
import { found, Refusal } from '../refusal.ts';
import type { Site, WebActs } from '../site.ts';

const STATES = ['pending', 'success', 'failure', 'cancelled', 'ff_failed', 'partial'] as const;
const queryShape = pageShape.extend({
  project: z.string().max(200).optional(),
  branch: z.string().max(300).optional(),
  state: z.enum(STATES).optional(),
  active: z.stringbool().optional(),
});

/** Reads of stagings, newest first. */
export function installStagings(app: FastifyInstance, site: Site): void {
  app.get('/api/stagings', async (request) => {
    const filter = queryShape.parse(request.query);
    const rows = await listStagings(site.db, { ...filter, limit: filter.limit + 1 });
    return page(rows, filter.limit);
  });
  app.get('/api/stagings/:id', async (request) => {
    const { id } = z.object({ id: idShape }).parse(request.params);
    return found(await findStaging(site.db, id), `staging: ${id}`);
  });
  for (const [action, act] of Object.entries(ACTS)) {
    app.post(`/api/stagings/:id/${action}`, async (request, reply) => {
      const view = await change(site, request, { action, act });
      return reply.code(202).send(view);
    });
  }
}

/** An act on a staging, inside the transaction that also audits it. @returns why it was refused. */
type Act = (
  acts: WebActs,
  tx: EntityManager,
  what: { readonly id: number; readonly reason: string; readonly now: Date },
) => Promise<string | null>;

const cancel: Act = async (acts, tx, { id, reason, now }) => {
  const done = await acts.cancelStaging(tx, id, { reason, now });
  return done ? null : 'it runs no more, or its landing has begun';
};
const retry: Act = (acts, tx, { id, now }) => acts.retryStaging(tx, id, { now });
const repairBy =
  (repair: 'finish' | 'revert'): Act =>
  (acts, tx, { id, now }) =>
    acts.wantRepair(tx, id, { repair, now });

/** What an admin can do to a staging. */
const ACTS: Readonly<Record<string, Act>> = {
  cancel,
  retry,
  finish: repairBy('finish'),
  revert: repairBy('revert'),
};

async function change(
  site: Site,
  { params, body, caller }: FastifyRequest,
  { action, act }: { readonly action: string; readonly act: Act },
): Promise<StagingView> {
  const { id } = z.object({ id: idShape }).parse(params);
  const staging = found(await findStaging(site.db, id), `staging: ${id}`);
  await requireAdmin(site, caller, await projectIdOf(site, staging.project));
  const { reason } = z.strictObject({ reason: reasonShape }).parse(body);
  const now = site.clock.now();
  await site.db.transaction(async (tx) => {
    const refused = await act(site.acts, tx, { id, reason, now });
    if (refused !== null) throw new Refusal(409, `cannot ${action} staging ${id}: ${refused}`);
    const entry = { action: `staging.${action}`, object: `staging:${id}`, reason };
    await audit(tx, { caller, now, ...entry });
  });
  return found(await findStaging(site.db, id), `staging: ${id}`);
}

async function projectIdOf({ db }: Site, name: string): Promise<number> {
  const rows = await db.query<{ id: number }[]>('select id from project where name = $1', [name]);
  return found(rows[0], 'project').id;
}
