import type { FastifyInstance } from 'fastify';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { editDistance } from '../../rules/command-suggestion.ts';
import { wake } from '../../triggers/inbox.ts';
import { CRON_NAMES, isCronName } from '../../triggers/names.ts';
import type { CronName } from '../../triggers/names.ts';
import { requireAdmin } from '../access.ts';
import { audit } from '../audit.ts';
import { actorOf } from '../caller.ts';
import type { Caller } from '../caller.ts';
import { expectedShape, reasonShape, refuseStale } from '../input.ts';
import { listCrons } from '../queries/crons.ts';
import type { CronView } from '../queries/crons.ts';
import { found, Refusal } from '../refusal.ts';
import type { Site } from '../site.ts';

const switchShape = z.strictObject({
  active: z.boolean(),
  reason: reasonShape,
  /** Off only until then. */
  until: z.iso.datetime({ offset: true }).optional(),
  expected: expectedShape({ active: z.boolean() }),
});
const triggerShape = z.strictObject({
  reason: reasonShape.optional(),
  expected: expectedShape({ active: z.boolean() }),
});
type Switch = z.infer<typeof switchShape>;

/** The switches (R3). Enabling wakes the cron by the trigger on its row; what waited lies in the tables. */
export function installCrons(app: FastifyInstance, site: Site): void {
  app.get('/api/crons', async () => ({ items: await listCrons(site.db, site.clock.now()) }));
  app.get('/api/crons/:name', (request) => readCron(site, cronName(request.params)));
  app.patch('/api/crons/:name', async (request) => {
    await requireAdmin(site, request.caller);
    const name = cronName(request.params);
    await turn(site, { caller: request.caller, name, to: switchShape.parse(request.body) });
    return readCron(site, name);
  });
  app.post('/api/crons/:name/trigger', async (request, reply) => {
    await requireAdmin(site, request.caller);
    const name = cronName(request.params);
    const asked = triggerShape.parse(request.body ?? {});
    await ring(site, { caller: request.caller, name, asked });
    return reply.code(202).send(await readCron(site, name));
  });
}

function cronName(params: unknown): CronName {
  const { name } = z.object({ name: z.string() }).parse(params);
  if (!isCronName(name)) throw new Refusal(404, `no such cron: ${name}${suggestion(name)}`);
  return name;
}

/** The name that was probably meant: at most a third of it is mistyped. */
function suggestion(name: string): string {
  const [best] = CRON_NAMES.map((cron) => ({
    cron,
    slips: editDistance(name.slice(0, 50), cron),
  })).sort((one, other) => one.slips - other.slips);
  return best && best.slips * 3 <= best.cron.length ? ` (did you mean ${best.cron}?)` : '';
}

async function readCron({ db, clock }: Site, name: CronName): Promise<CronView> {
  const crons = await listCrons(db, clock.now());
  return found(
    crons.find((cron) => cron.name === name),
    'cron',
  );
}

async function turn(
  { db, clock }: Site,
  { caller, name, to }: { caller: Caller; name: CronName; to: Switch },
): Promise<void> {
  const now = clock.now();
  const until = to.until === undefined ? null : new Date(to.until);
  if (until !== null && (to.active || until <= now))
    throw new Refusal(400, 'until: only for switching off, and in the future');
  await db.transaction(async (tx) => {
    const before = await lockCron(tx, name);
    refuseStale(before, to.expected);
    await tx.query(
      'update cron set active = $2, reason = $3, changed_by = $4, changed_at = $5, until = $6 where name = $1',
      [name, to.active, to.active ? null : to.reason, actorOf(caller), now, until],
    );
    const action = to.active ? 'cron.enable' : 'cron.disable';
    const after = { active: to.active, until };
    await audit(tx, {
      caller,
      now,
      action,
      object: `cron:${name}`,
      before,
      after,
      reason: to.reason,
    });
  });
}

async function lockCron(tx: EntityManager, name: CronName): Promise<{ active: boolean }> {
  const rows = await tx.query<{ active: boolean }[]>(
    'select active, until from cron where name = $1 for no key update',
    [name],
  );
  return found(rows[0], 'cron');
}

/** Asks a cron to look now. One that is off keeps the wake until it is on again. */
function ring(
  { db, clock }: Site,
  { caller, name, asked }: { caller: Caller; name: CronName; asked: z.infer<typeof triggerShape> },
): Promise<void> {
  const { expected, reason = null } = asked;
  return db.transaction(async (tx) => {
    refuseStale(await lockCron(tx, name), expected);
    await wake(tx, name);
    const now = clock.now();
    await audit(tx, { caller, now, action: 'cron.trigger', object: `cron:${name}`, reason });
  });
}
