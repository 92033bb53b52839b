import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedPostgres, startPostgres } from '../../../src/lib/postgres.ts';

/** A PostgreSQL of one story, which may be killed. Its commits are safe, as an operator's are. */
export class OwnCluster {
  readonly #dir: string;
  #postgres: EmbeddedPostgres;

  private constructor(dir: string, postgres: EmbeddedPostgres) {
    this.#dir = dir;
    this.#postgres = postgres;
  }

  static async start(): Promise<OwnCluster> {
    const dir = mkdtempSync(join(tmpdir(), 'own-cluster-'));
    return new OwnCluster(dir, await startPostgres({ dir }));
  }

  /** Its port is another one after each start. */
  get url(): string {
    return this.#postgres.url;
  }

  /** As `pg_ctl stop -m immediate`: nothing is finished or flushed, the next start recovers from the log. */
  async crash(): Promise<void> {
    const file = join(this.#dir, 'cluster', 'data', 'postmaster.pid');
    process.kill(Number(readFileSync(file, 'utf8').split('\n')[0]), 'SIGQUIT');
    await this.#postgres.stop(); // it is ending already: forgets who it was
  }

  async startAgain(): Promise<void> {
    this.#postgres = await startPostgres({ dir: this.#dir });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#postgres.stop();
    await rm(this.#dir, { recursive: true, force: true });
  }
}
