import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { Refusal } from './refusal.ts';

const HEARTBEAT_MS = 20_000; // proxies cut silent connections after a minute
const GATHER_MS = 150; // a run rings many bells: one reload is enough
const SETTLE_MS = 1500; // what a run wrote after its last bell
const MOST_STREAMS = 500;

/**
 * Server-sent events: open pages load themselves anew when something happened. The event carries nothing, so that a page
 * shows what its reader may see, and nothing is asked while nothing happens.
 */
export class Streams {
  readonly #open = new Set<ServerResponse>();
  #gathering: NodeJS.Timeout | null = null;
  #settling: NodeJS.Timeout | null = null;
  readonly #heartbeat = setInterval(() => this.#send(': still here\n\n'), HEARTBEAT_MS).unref();

  /** `GET /events`, and the end of all streams when the server closes. */
  install(app: FastifyInstance): void {
    app.get('/events', (_request, reply) => {
      if (this.#open.size >= MOST_STREAMS) throw new Refusal(503, 'too many open pages');
      reply.hijack();
      for (const [name, value] of Object.entries(reply.getHeaders()))
        if (value !== undefined) reply.raw.setHeader(name, value);
      reply.raw.writeHead(200, { 'content-type': 'text/event-stream' });
      this.#begin(reply.raw);
    });
    app.addHook('preClose', (done) => {
      this.#end();
      done();
    });
  }

  /** Something may have changed. Called as often as one likes. */
  changed(): void {
    this.#gathering ??= setTimeout(() => {
      this.#gathering = null;
      this.#tell();
    }, GATHER_MS).unref();
    this.#settling?.refresh();
    this.#settling ??= setTimeout(() => {
      this.#settling = null;
      this.#tell();
    }, SETTLE_MS).unref();
  }

  #begin(response: ServerResponse): void {
    response.write('retry: 3000\n\n');
    this.#open.add(response);
    response.on('close', () => this.#open.delete(response));
  }

  #tell(): void {
    this.#send('event: change\ndata: {}\n\n');
  }

  #send(text: string): void {
    for (const response of this.#open) response.write(text);
  }

  #end(): void {
    clearInterval(this.#heartbeat);
    if (this.#gathering) clearTimeout(this.#gathering);
    if (this.#settling) clearTimeout(this.#settling);
    for (const response of this.#open) response.end();
  }
}
