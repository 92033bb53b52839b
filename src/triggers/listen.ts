import pg from 'pg';
import type { Logger } from '../lib/log.ts';
import { CHANNEL } from './sql.ts';

/** What the listener tells: which cron was rung, or that everything must be looked at (after a connect). */
export interface ListenerEvents {
  /** A cron's name, or `deadline`. */
  rung(payload: string): void;
  /** LISTEN is in force (again): notifications may have been missed before. */
  connected(): void;
}

const HEARTBEAT_MS = 10_000;
const ANSWER_MS = 5_000;
/** A PostgreSQL that is back is found within ten seconds, however long it was away (reliability F-027). */
const MAX_BACKOFF_MS = 8_000;

/**
 * Holds LISTEN on a connection of its own. A killed connection makes a new one with back-off; a silent one is found by a
 * heartbeat that asks the server whether the registration still stands (reliability F-036, F-037).
 */
export class Listener {
  readonly #url: string;
  readonly #events: ListenerEvents;
  readonly #log: Logger;
  #client: pg.Client | null = null;
  #timer: NodeJS.Timeout | null = null;
  #attempts = 0;
  #closed = false;

  constructor(url: string, events: ListenerEvents, log: Logger) {
    this.#url = url;
    this.#events = events;
    this.#log = log;
  }

  /** True while LISTEN is in force: readiness. */
  get listening(): boolean {
    return this.#client !== null;
  }

  /** Connects now; after that it keeps itself connected until `close`. */
  async start(): Promise<void> {
    if (this.#closed) return;
    const client = new pg.Client({
      connectionString: this.#url,
      keepAlive: true,
      connectionTimeoutMillis: ANSWER_MS,
      query_timeout: ANSWER_MS,
      application_name: 'stagecoach-listen',
    });
    // a killed backend makes the client emit `error` twice: the second one finds the client already given up
    client.on('error', (error) => this.#lost(client, error));
    client.on('end', () => this.#lost(client, new Error('connection ended')));
    client.on('notification', ({ payload }) => this.#events.rung(payload ?? ''));
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`.trim());
    } catch (error) {
      this.#client = client;
      this.#lost(client, error);
      return;
    }
    if (this.#isClosed()) {
      await client.end().catch(() => undefined); // closed while it connected
      return;
    }
    this.#client = client;
    this.#attempts = 0;
    this.#beatLater(client);
    this.#events.connected();
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
    const client = this.#client;
    this.#client = null;
    await client?.end().catch(() => undefined); // already gone is as good
  }

  #isClosed(): boolean {
    return this.#closed;
  }

  #beatLater(client: pg.Client): void {
    this.#timer = setTimeout(() => void this.#beat(client), HEARTBEAT_MS);
    this.#timer.unref();
  }

  async #beat(client: pg.Client): Promise<void> {
    try {
      const { rows } = await client.query<{ channel: string }>(
        'select pg_listening_channels() as channel',
      );
      if (!rows.some((row) => row.channel === CHANNEL)) throw new Error('LISTEN registration lost');
      if (client === this.#client) this.#beatLater(client);
    } catch (error) {
      this.#lost(client, error);
    }
  }

  #lost(client: pg.Client, error: unknown): void {
    if (this.#closed || client !== this.#client) return;
    this.#client = null;
    if (this.#timer) clearTimeout(this.#timer);
    client.end().catch(() => undefined); // it is broken: nothing to say about its end
    const delayMs =
      Math.min(MAX_BACKOFF_MS, 50 * Math.exp(this.#attempts)) * (0.5 + Math.random() / 2);
    this.#attempts += 1;
    this.#log.warn({ err: error, delayMs }, 'listener lost its connection, will connect again');
    this.#timer = setTimeout(() => void this.start(), delayMs);
  }
}
