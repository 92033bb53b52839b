import type { FastifyInstance } from 'fastify';
import { errorCode, oneLine, UserError } from '../lib/errors.ts';
import { createApp } from './app.ts';
import { installAssets } from './assets.ts';
import { limitConnections } from './crowd.ts';
import { installPages } from './pages.ts';
import type { Site, WebOptions } from './site.ts';
import { Streams } from './streams.ts';
import { installWebhook } from './webhook.ts';

/** The running server. */
export interface Web {
  /** Where it listens. */
  readonly url: string;
  /** Tells open pages that something may have changed: called when a cron is rung and when a run ends. */
  readonly changed: () => void;
  /** Stops listening, ends open streams, lets requests under way finish. */
  readonly close: () => Promise<void>;
}

/**
 * Starts receiver, API and pages on one address.
 *
 * @throws UserError when the address cannot be listened on.
 */
export async function startWeb(options: WebOptions): Promise<Web> {
  let url = '';
  const site: Site = { ...options, origin: () => options.settings.url ?? url };
  const app = createApp(site);
  const streams = new Streams();
  installWebhook(app, site);
  installAssets(app);
  installPages(app, site);
  streams.install(app);
  limitConnections(app.server, options.log);
  url = await listen(app, options.settings);
  return { url, changed: () => streams.changed(), close: () => app.close() };
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
