import type { DataSource } from 'typeorm';
import type { Clock } from '../lib/clock.ts';

/** A delivery as it came, its signature verified. */
export interface Received {
  readonly guid: string;
  readonly event: string;
  readonly body: Buffer;
}

/** What became of it: `new`, here before with the same bytes, or its GUID was here with other bytes (B-030). */
export type Stored = 'new' | 'repeated' | 'contradicted';

interface Waiting {
  readonly received: Received;
  readonly resolve: (stored: Stored) => void;
  readonly reject: (error: unknown) => void;
}

/** One statement stays small beside the largest body GitHub sends. */
const TOGETHER = { rows: 64, bytes: 1024 * 1024 } as const;

/**
 * Stores deliveries, those that come while the database is busy with others together in one statement.
 *
 * Each insert rings the bell of the deliveries cron, and PostgreSQL lets commits that notify through one by one, each with a
 * wait for the disk of its own. So a crowd shares one commit; a delivery that comes alone waits for nobody. An answer is
 * given only after the commit (I-20).
 */
export class DeliveryStore {
  readonly #db: DataSource;
  readonly #clock: Clock;
  readonly #waiting: Waiting[] = [];
  #busy = false;

  constructor({ db, clock }: { readonly db: DataSource; readonly clock: Clock }) {
    this.#db = db;
    this.#clock = clock;
  }

  /** @throws what the database says; the delivery is not stored then, nor are those that shared its statement. */
  store(received: Received): Promise<Stored> {
    const stored = new Promise<Stored>((resolve, reject) => {
      this.#waiting.push({ received, resolve, reject });
    });
    if (!this.#busy) void this.#empty();
    return stored;
  }

  async #empty(): Promise<void> {
    this.#busy = true;
    while (this.#waiting.length > 0) await this.#storeTogether(this.#take());
    this.#busy = false;
  }

  /** The first ones waiting; a large body goes alone. */
  #take(): Waiting[] {
    let bytes = 0;
    const beyond = this.#waiting.findIndex(({ received }, n) => {
      bytes += received.body.length;
      return n > 0 && (n >= TOGETHER.rows || bytes > TOGETHER.bytes);
    });
    return this.#waiting.splice(0, beyond === -1 ? this.#waiting.length : beyond);
  }

  async #storeTogether(some: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await this.#insert(some.map(({ received }) => received));
      some.forEach(({ resolve }, n) => resolve(outcomes[n] ?? 'contradicted'));
    } catch (error) {
      for (const { reject } of some) reject(error);
    }
  }

  async #insert(some: readonly Received[]): Promise<Stored[]> {
    const fresh = new Set(await this.#insertNew(some));
    const outcomes: Stored[] = [];
    for (const one of some) {
      if (fresh.delete(one.guid))
        outcomes.push('new'); // the first of two with one GUID is the one that was stored
      else outcomes.push((await this.#isHere(one)) ? 'repeated' : 'contradicted');
    }
    return outcomes;
  }

  /** @returns the GUIDs that were not here. */
  async #insertNew(some: readonly Received[]): Promise<string[]> {
    const now = this.#clock.now();
    const [only, ...others] = some;
    const rows =
      only && others.length === 0
        ? await this.#db.query<{ guid: string }[]>(
            `insert into delivery (guid, event, body, queued_at) values ($1, $2, $3, $4)
              on conflict (guid) do nothing returning guid`,
            [only.guid, only.event, only.body, now],
          )
        : await this.#db.query<{ guid: string }[]>(
            `insert into delivery (guid, event, body, queued_at)
             select guid, event, body, $4
               from unnest($1::text[], $2::text[], $3::bytea[]) with ordinality as came (guid, event, body, place)
              order by place
                 on conflict (guid) do nothing returning guid`,
            [
              some.map(({ guid }) => guid),
              some.map(({ event }) => event),
              some.map(({ body }) => body),
              now,
            ],
          );
    return rows.map(({ guid }) => guid);
  }

  async #isHere({ guid, body }: Received): Promise<boolean> {
    const rows = await this.#db.query<unknown[]>(
      'select 1 from delivery where guid = $1 and body = $2',
      [guid, body],
    );
    return rows.length > 0;
  }
}
