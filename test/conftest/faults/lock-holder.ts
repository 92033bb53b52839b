import pg from 'pg';
import { until } from './processes.ts';

/** Somebody with a connection of his own to the database of a story, who locks things and keeps them. */
export class LockHolder implements AsyncDisposable {
  readonly #client: pg.Client;

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  /** Begins a transaction, and locks by this statement. */
  static async lock(url: string, statement: string): Promise<LockHolder> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query('begin');
    await client.query(statement);
    return new LockHolder(client);
  }

  /** Waits until somebody waits for the lock with a statement like this one (of SQL's `like`). */
  async isWaitedFor(like: string): Promise<void> {
    await until(`somebody to wait with ${like}`, async () => {
      await this.#client.query('select pg_stat_clear_snapshot()'); // a transaction sees one picture of the others
      const { rows } = await this.#client.query<{ pid: number }>(
        `select pid from pg_stat_activity
          where wait_event_type = 'Lock' and pg_backend_pid() = any(pg_blocking_pids(pid)) and query ilike $1`,
        [like],
      );
      return rows.length > 0 ? true : null;
    });
  }

  async release(): Promise<void> {
    await this.#client.query('rollback');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.end();
  }
}
