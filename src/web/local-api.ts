import { createApp } from './app.ts';
import type { Site, WebOptions, WebSettings } from './site.ts';

/** An API that is called without a network. */
export interface LocalApi {
  readonly call: (
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    url: string,
    body?: object,
  ) => Promise<{ readonly status: number; readonly text: string }>;
  readonly close: () => Promise<void>;
}

/**
 * The server's API without an address, for a caller on this machine who may do everything: the command line, where no
 * server runs and the database is enough.
 */
export function localApi(
  options: Omit<WebOptions, 'settings' | 'listening'> & Pick<WebSettings, 'github'>,
): LocalApi {
  const site: Site = {
    ...options,
    settings: { ...NO_SETTINGS, github: options.github },
    listening: () => false,
    origin: () => 'http://localhost',
  };
  const app = createApp(site);
  return {
    call: async (method, url, body) => {
      const headers = { 'x-stagecoach-via': 'cli', host: 'localhost' };
      const payload = body === undefined ? {} : { payload: body };
      const answer = await app.inject({ method, url, headers, ...payload });
      return { status: answer.statusCode, text: answer.body };
    },
    close: () => app.close(),
  };
}

const NO_SETTINGS: Omit<WebSettings, 'github'> = {
  ...{ host: '127.0.0.1', port: 0, url: null },
  ...{ auth: 'open', oauth: null, webhookSecrets: [], proxies: 0 },
};
