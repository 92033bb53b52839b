import type { Config } from '../lib/config.ts';
import type { WebSettings } from './site.ts';

/** What the server takes from the configuration file. */
export function webSettings({ server, github, projects }: Config): WebSettings {
  return {
    host: server.host,
    port: server.port,
    url: server.port === 0 ? null : server.url, // a free port is known once it listens
    auth: server.auth,
    oauth: server.oauth ?? null,
    github: { apiUrl: github.apiUrl, webUrl: github.webUrl },
    webhookSecrets: projects.flatMap(({ name, webhookSecrets }) =>
      webhookSecrets.map((secret) => ({ project: name, secret })),
    ),
  };
}
