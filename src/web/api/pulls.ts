import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { idShape } from '../input.ts';
import { findBatch } from '../queries/batch.ts';
import { findPull } from '../queries/pull.ts';
import { viewPull } from '../queries/pull-view.ts';
import type { PullView } from '../queries/pull-view.ts';
import { found } from '../refusal.ts';
import type { Site } from '../site.ts';

/** Path of one pull request. */
export const pullParams = z.object({
  owner: z.string().max(100),
  repo: z.string().max(100),
  number: idShape,
});

/** Reads of pull requests and batches. */
export function installPulls(app: FastifyInstance, site: Site): void {
  app.get('/api/pulls/:owner/:repo/:number', (request) => readPull(site, request.params));
  app.get('/:owner/:repo/pull/:number(\\d+).json', (request) => readPull(site, request.params));
  app.get('/api/batches/:id', async (request) => {
    const { id } = z.object({ id: idShape }).parse(request.params);
    return found(await findBatch(site.db, id), 'batch');
  });
}

async function readPull({ db, settings }: Site, params: unknown): Promise<PullView> {
  const { owner, repo, number } = pullParams.parse(params);
  const row = found(
    await findPull(db, `${owner}/${repo}`, number),
    `pull request: ${owner}/${repo}#${number}`,
  );
  return viewPull(db, row, settings.github.webUrl);
}
