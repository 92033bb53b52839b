import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { page, pageShape } from '../input.ts';
import { listOutstanding } from '../queries/outstanding.ts';
import type { Site } from '../site.ts';

/** Filters of the outstanding ports, as the page and the API take them. */
export const outstandingShape = pageShape.extend({
  project: z.string().max(200).optional(),
  repository: z.string().max(300).optional(),
  person: z.string().max(100).optional(),
  /** Only ports at least so many days old. */
  days: z.coerce.number().int().min(0).max(3650).optional(),
});

const DAY_MS = 86_400_000;

/** When a port must have been opened to be so many days old. */
export function openedBefore(now: Date, days: number | undefined): Date | undefined {
  return days === undefined ? undefined : new Date(now.getTime() - days * DAY_MS);
}

/** Ports that have not landed. */
export function installForwardports(app: FastifyInstance, site: Site): void {
  app.get('/api/forwardports', async (request) => {
    const { days, ...filter } = outstandingShape.parse(request.query);
    const before = openedBefore(site.clock.now(), days);
    const rows = await listOutstanding(site.db, { ...filter, before, limit: filter.limit + 1 });
    return page(rows, filter.limit);
  });
}
