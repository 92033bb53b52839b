import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { page, pageShape } from '../input.ts';
import { listOutstanding } from '../queries/outstanding.ts';
import { findPort } from '../queries/port.ts';
import { findPull } from '../queries/pull.ts';
import { found, Refusal } from '../refusal.ts';
import type { Site } from '../site.ts';
import { pullParams } from './pulls.ts';

/** Filters of the outstanding ports, as the page and the API take them. */
export const outstandingShape = pageShape.extend({
  project: z.string().max(200).optional(),
  repository: z.string().max(300).optional(),
  person: z.string().max(100).optional(),
  team: z.string().max(100).optional(),
  /** Only ports at least so many days old. */
  days: z.coerce.number().int().min(0).max(3650).optional(),
});

const DAY_MS = 86_400_000;

/** When a port must have been opened to be so many days old. */
export function openedBefore(now: Date, days: number | undefined): Date | undefined {
  return days === undefined ? undefined : new Date(now.getTime() - days * DAY_MS);
}

/** Ports that have not landed, and what it takes to make one of them again by hand. */
export function installForwardports(app: FastifyInstance, site: Site): void {
  app.get('/api/forwardports', async (request) => {
    const { days, ...filter } = outstandingShape.parse(request.query);
    const before = openedBefore(site.clock.now(), days);
    const rows = await listOutstanding(site.db, { ...filter, before, limit: filter.limit + 1 });
    return page(rows, filter.limit);
  });
  app.get('/api/forwardports/:owner/:repo/:number', async (request) => {
    const { owner, repo, number } = pullParams.parse(request.params);
    const name = `${owner}/${repo}`;
    const port = await findPort(site.db, name, number);
    if (port === null) {
      found(await findPull(site.db, name, number), `pull request: ${name}#${number}`);
      throw new Refusal(
        404,
        `${name}#${number} is no port: no pull request was forward-ported to it`,
      );
    }
    const { webUrl } = site.settings.github;
    const url = (name: string): string => `${webUrl}/${name}.git`;
    return { ...port, clone_url: url(port.repository), push_url: url(port.remote) };
  });
}
