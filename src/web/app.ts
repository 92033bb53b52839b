import { fastify } from 'fastify';
import type { FastifyInstance } from 'fastify';
import { installAccess } from './access.ts';
import { installAuditLog } from './api/audit.ts';
import { installBatches } from './api/batches.ts';
import { installCrons } from './api/crons.ts';
import { installForwardports } from './api/forwardports.ts';
import { installProjects } from './api/projects.ts';
import { installPulls } from './api/pulls.ts';
import { installQueues } from './api/queues.ts';
import { installRights } from './api/rights.ts';
import { installReconcile } from './api/reconcile.ts';
import { installSplits } from './api/splits.ts';
import { installStagings } from './api/stagings.ts';
import { installErrors } from './errors.ts';
import { installHeaders } from './headers.ts';
import { installHealth } from './health.ts';
import { installLogin } from './login.ts';
import { Refusal } from './refusal.ts';
import type { Site } from './site.ts';
import { installStatus } from './status.ts';

const API_BODY_LIMIT = 64 * 1024; // reliability 5.6
const PATIENCE = { headersMs: 5_000, requestMs: 10_000 };

/** Guards and API, not yet listening. Receiver and pages are for a server only. */
export function createApp(site: Site): FastifyInstance {
  const { headersMs, requestMs } = site.patience ?? PATIENCE;
  const app = fastify({
    logger: false, // errors are logged in errors.ts; every request would be noise
    bodyLimit: API_BODY_LIMIT,
    requestTimeout: requestMs,
    trustProxy: (_address, hop) => hop < site.settings.proxies,
    keepAliveTimeout: 5_000,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 300 },
    http: {
      headersTimeout: headersMs,
      connectionsCheckingInterval: headersMs / 5, // Node's own 30 s would make any limit half a minute
      maxHeaderSize: 16_384,
      insecureHTTPParser: false,
    },
  });
  acceptJsonOnly(app);
  installErrors(app, site);
  installHeaders(app, site);
  installAccess(app, site);
  for (const install of API) install(app, site);
  return app;
}

const API = [
  ...[installLogin, installHealth, installStatus, installPulls, installStagings],
  ...[installForwardports, installCrons, installProjects, installQueues],
  ...[installAuditLog, installReconcile, installBatches, installSplits],
  installRights,
];

/**
 * JSON or nothing: everything else is 415, which also keeps foreign forms out (B-096). An empty body is no body. Packed
 * ones are not unpacked: a small one may be a huge one (B-009).
 */
function acceptJsonOnly(app: FastifyInstance): void {
  app.addHook('onRequest', ({ headers }, _reply, done) => {
    if (headers['content-encoding'] !== undefined)
      throw new Refusal(415, 'send the body as it is, without an encoding');
    done();
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, body === '' ? undefined : (JSON.parse(body.toString()) as unknown));
    } catch {
      done(Object.assign(new Error('the body is no JSON'), { statusCode: 400 }), undefined);
    }
  });
}
