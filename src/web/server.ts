import { fastify } from 'fastify';
import type { FastifyInstance } from 'fastify';
import { errorCode, oneLine, UserError } from '../lib/errors.ts';
import { installAccess } from './access.ts';
import { installAuditLog } from './api/audit.ts';
import { installCrons } from './api/crons.ts';
import { installForwardports } from './api/forwardports.ts';
import { installProjects } from './api/projects.ts';
import { installPulls } from './api/pulls.ts';
import { installQueues } from './api/queues.ts';
import { installReconcile } from './api/reconcile.ts';
import { installStagings } from './api/stagings.ts';
import { installErrors } from './errors.ts';
import { installHeaders } from './headers.ts';
import { installHealth } from './health.ts';
import { installLogin } from './login.ts';
import type { Site, WebOptions, WebSettings } from './site.ts';
import { installStatus } from './status.ts';
import { installWebhook } from './webhook.ts';

/** The running server. */
export interface Web {
  /** Where it listens. */
  readonly url: string;
  /** Stops listening, ends open streams, lets requests under way finish. */
  close(): Promise<void>;
}

const APIS = [
  ...[installPulls, installStagings, installForwardports, installCrons, installProjects],
  ...[installQueues, installAuditLog, installReconcile],
];
const API_BODY_LIMIT = 64 * 1024; // reliability 5.6
const MAX_CONNECTIONS = 1000;

/**
 * Starts receiver, API and pages on one address.
 *
 * @throws UserError when the address cannot be listened on.
 */
export async function startWeb(options: WebOptions): Promise<Web> {
  const app = createApp();
  let url = '';
  const site: Site = { ...options, origin: () => options.settings.url ?? url };
  install(app, site);
  app.server.maxConnections = MAX_CONNECTIONS;
  url = await listen(app, options.settings);
  return { url, close: () => app.close() };
}

/**
 * The same API without an address, for a caller on this machine who may do everything: the command line, where no server
 * runs and the database is enough.
 */
export function localApi(
  options: Omit<WebOptions, 'settings' | 'listening'> & Pick<WebSettings, 'github'>,
): LocalApi {
  const settings: WebSettings = { ...NO_SETTINGS, github: options.github };
  const app = createApp();
  const site: Site = {
    ...options,
    settings,
    listening: () => false,
    origin: () => 'http://localhost',
  };
  install(app, site);
  return {
    async call(method, url, body) {
      const headers = { 'x-stagecoach-via': 'cli', host: 'localhost' };
      const payload = body === undefined ? {} : { payload: body };
      const answer = await app.inject({ method, url, headers, ...payload });
      return { status: answer.statusCode, text: answer.body };
    },
    close: () => app.close(),
  };
}

/** An API that is called without a network. */
export interface LocalApi {
  call(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    url: string,
    body?: object,
  ): Promise<{ readonly status: number; readonly text: string }>;
  close(): Promise<void>;
}

const NO_SETTINGS: Omit<WebSettings, 'github'> = {
  ...{ host: '127.0.0.1', port: 0, url: null },
  ...{ auth: 'open', oauth: null, webhookSecrets: [] },
};

function createApp(): FastifyInstance {
  return fastify({
    logger: false, // errors are logged in errors.ts; every request would be noise
    bodyLimit: API_BODY_LIMIT,
    requestTimeout: 10_000,
    keepAliveTimeout: 5_000,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 300 },
    http: { headersTimeout: 5_000, maxHeaderSize: 16_384, insecureHTTPParser: false },
  });
}

function install(app: FastifyInstance, site: Site): void {
  acceptJsonOnly(app);
  installErrors(app, site.log);
  installHeaders(app, site);
  installAccess(app, site);
  installLogin(app, site);
  installWebhook(app, site);
  installHealth(app, site);
  installStatus(app, site);
  for (const installApi of APIS) installApi(app, site);
}

/** JSON or nothing: everything else is 415, which also keeps foreign forms out (B-096). An empty body is no body. */
function acceptJsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, body === '' ? undefined : (JSON.parse(body.toString()) as unknown));
    } catch {
      done(Object.assign(new Error('the body is no JSON'), { statusCode: 400 }), undefined);
    }
  });
}

async function listen(app: FastifyInstance, { host, port }: Site['settings']): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (error) {
    await app.close();
    if (errorCode(error) === 'EADDRINUSE')
      throw new UserError({ code: 'port-in-use', host, port }, { cause: error });
    const detail = oneLine(error);
    throw new UserError({ code: 'cannot-listen', host, detail }, { cause: error });
  }
}
