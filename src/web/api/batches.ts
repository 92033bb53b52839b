import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { requireAdmin } from '../access.ts';
import { audit } from '../audit.ts';
import { idShape, reasonShape } from '../input.ts';
import { type BatchView, findBatch } from '../queries/batch.ts';
import { found, Refusal } from '../refusal.ts';
import type { Site } from '../site.ts';

const splitShape = z.strictObject({
  /** `owner/repo#n`. */
  pull: z.string().regex(/^[\w.-]{1,100}\/[\w.-]{1,100}#\d{1,9}$/, 'must be owner/repo#n'),
  label: z.string().regex(/^[^\s\0]{1,300}$/, 'must be one word, such as owner:branch'),
  reason: reasonShape,
});

/** Acts on batches. */
export function installBatches(app: FastifyInstance, site: Site): void {
  app.post('/api/batches/:id/split-off', (request, reply) =>
    splitOff(site, request).then((view) => reply.code(202).send(view)),
  );
}

/** Takes a pull request out of its batch; refused with 409 where the law does not allow it. */
async function splitOff(site: Site, { params, body, caller }: FastifyRequest): Promise<BatchView> {
  const { id } = z.object({ id: idShape }).parse(params);
  const { project_id: projectId } = found(await findOwner(site, id), 'batch');
  await requireAdmin(site, caller, projectId);
  const { pull, label, reason } = splitShape.parse(body);
  const now = site.clock.now();
  await site.db.transaction(async (tx) => {
    const refused = await site.acts.splitOff(tx, { batchId: id, pull, label, now });
    if (refused !== null)
      throw new Refusal(409, `cannot split ${pull} off batch ${id}: ${refused}`);
    const after = { pull, label };
    await audit(tx, {
      ...{ caller, now, action: 'batch.split-off', object: `batch:${id}` },
      ...{ before: null, after, reason },
    });
  });
  return found(await findBatch(site.db, id), 'batch');
}

async function findOwner({ db }: Site, id: number): Promise<{ project_id: number } | undefined> {
  const rows = await db.query<{ project_id: number }[]>(
    'select project_id from batch where id = $1',
    [id],
  );
  return rows[0];
}
