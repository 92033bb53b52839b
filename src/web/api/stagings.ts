import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { idShape, page, pageShape } from '../input.ts';
import { findStaging, listStagings } from '../queries/stagings.ts';
import { found } from '../refusal.ts';
import type { Site } from '../site.ts';

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
    return found(await findStaging(site.db, id), 'staging');
  });
}
