import { createHmac, timingSafeEqual } from 'node:crypto';
import fastify from 'fastify';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { systemClock } from '../src/lib/clock.ts';
import { Secret } from '../src/lib/secret.ts';
import { startWeb } from '../src/web/server.ts';
import { SILENT } from './a-database.ts';

/** What signs the webhooks of benchmarks. */
const SECRET = 'the-webhook-secret-of-the-bench';

/** A server that takes webhooks. */
export interface Receiver {
  readonly url: string;
  close(): Promise<void>;
}

/** Our own server, pages and all, without crons. */
export function startOurs(db: DataSource): Promise<Receiver> {
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

/** The least that stores a webhook: signature, one insert, 202. */
export async function startBare(url: string, connections: number): Promise<Receiver> {
  const pool = new pg.Pool({ connectionString: url, max: connections });
  await pool.query('create table plain_delivery (guid text primary key, body bytea not null)');
  const app = fastify();
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  app.post('/webhooks/github', async (request, reply) => {
    const body = request.body as Buffer;
    const given = Buffer.from(String(request.headers['x-hub-signature-256']));
    if (!timingSafeEqual(given, Buffer.from(sign(body)))) return reply.code(401).send();
    await pool.query('insert into plain_delivery (guid, body) values ($1, $2)', [
      request.headers['x-github-delivery'],
      body,
    ]);
    return reply.code(202).send();
  });
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  return { url: address, close: () => app.close().then(() => pool.end()) };
}

/** The header `X-Hub-Signature-256` of a body. */
export function sign(body: Buffer): string {
  return `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`;
}
