import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';

/** Files of the pages, by name: nothing else of the disk can be asked for (B-102). */
const FILES = [
  { name: 'style.css', type: 'text/css; charset=utf-8' },
  { name: 'app.js', type: 'text/javascript; charset=utf-8' },
  { name: 'theme.js', type: 'text/javascript; charset=utf-8' },
  { name: 'icon.svg', type: 'image/svg+xml' },
] as const;

/** Serves style sheet, scripts and icon; a browser asks whether they changed, and is told by their hash. */
export function installAssets(app: FastifyInstance): void {
  for (const { name, type } of FILES) {
    const content = readFileSync(new URL(`./assets/${name}`, import.meta.url));
    const etag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 20)}"`;
    app.get(`/assets/${name}`, { config: { access: 'public' } }, (request, reply) => {
      reply.headers({ etag, 'cache-control': 'no-cache' });
      if (request.headers['if-none-match'] === etag) return reply.code(304).send();
      return reply.type(type).send(content);
    });
  }
}
