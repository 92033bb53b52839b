import { systemClock } from '../src/lib/clock.ts';
import { Secret } from '../src/lib/secret.ts';
import { startWeb } from '../src/web/server.ts';
import { type BenchDatabase, SILENT } from './a-database.ts';

/** What signs the webhooks of benchmarks. */
export const SECRET = 'the-webhook-secret-of-the-bench';

/** A server that takes webhooks. */
export interface Receiver {
  readonly url: string;
  close(): Promise<void>;
}

/** Our own server, pages and all, without crons. */
export function startOurs({ db }: BenchDatabase): Promise<Receiver> {
  return startWeb({
    db,
    clock: systemClock,
    log: SILENT,
    listening: () => true,
    acts: {
      cancelStaging: () => Promise.reject(new Error('not here')),
      retryStaging: () => Promise.reject(new Error('not here')),
      wantRepair: () => Promise.reject(new Error('not here')),
      splitOff: () => Promise.reject(new Error('not here')),
    },
    settings: {
      host: '127.0.0.1',
      port: 0,
      url: null,
      auth: 'open',
      proxies: 0,
      oauth: null,
      github: { apiUrl: 'http://127.0.0.1:9', webUrl: 'http://127.0.0.1:9' },
      webhookSecrets: [{ project: 'acme', secret: new Secret(SECRET) }],
    },
  });
}
