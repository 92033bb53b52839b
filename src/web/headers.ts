import type { FastifyInstance } from 'fastify';
import type { Site } from './site.ts';

/** Everything a page may load or do (reliability 5.6). Only files of ours; no frame around them, no plug-ins. */
const POLICY = [
  `default-src 'none'`,
  `script-src 'self'`,
  `style-src 'self'`,
  `img-src 'self'`,
  `connect-src 'self'`,
  `form-action 'self'`,
  `base-uri 'none'`,
  `frame-ancestors 'none'`,
  `require-trusted-types-for 'script'`,
  `trusted-types stagecoach`,
].join('; ');

const HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'x-frame-options': 'DENY',
} as const;

/** Sets the headers of every answer. A route that wants to be cached says so itself. */
export function installHeaders(app: FastifyInstance, site: Site): void {
  const secure = site.settings.url?.startsWith('https:') === true;
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(HEADERS);
    reply.header('cache-control', 'no-store');
    if (secure) reply.header('strict-transport-security', 'max-age=31536000');
  });
}
