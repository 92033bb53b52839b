import { join } from 'node:path';
import pg from 'pg';
import type { Config } from '../../../src/lib/config.ts';
import { Secret } from '../../../src/lib/secret.ts';
import { githubFolder } from '../invariants/check.ts';
import { aStory, type Shape, type Story } from '../story.ts';
import { GitHubGate } from './github-gate.ts';
import { Life, type Points } from './points.ts';
import { PostgresGate } from './postgres-gate.ts';
import { redeliverFailed } from './redeliver.ts';

const LIVES = 400;
const FAILED_STARTS = 3;
const STEPS = 200;
/** Retries and settling times are shorter; time-outs, reminders and removals of these stories are not. */
const HORIZON_HOURS = 12;

/**
 * A story whose bot may die. Its way to GitHub and to the database leads through gates which count what passes; when a gate
 * kills it, the next process takes over as after a restart, two times in three on another machine, without a clone:
 * the database forgets the dead connections, its leases run out, GitHub delivers again what nobody took.
 */
export class MortalStory {
  readonly story: Story;
  readonly points: Points;
  #direct: Config;
  #life: Life;
  #gates: { close(): void }[] = [];
  restarts = 0;
  #lives = 0;

  private constructor(story: Story, points: Points) {
    this.story = story;
    this.points = points;
    this.#direct = story.config;
    this.#life = new Life(points);
  }

  /**
   * The world is made by a bot that nothing disturbs; then it makes place for the first mortal one.
   *
   * @param lived how many there were before, as far as the choice of machines goes.
   */
  static async open(shape: Shape, points: Points, lived = 0): Promise<MortalStory> {
    const story = await aStory(shape);
    story.ignoreComments();
    story.log.expect(/./);
    const mortal = new MortalStory(story, points);
    mortal.#lives = lived;
    await story.bot.stop();
    await mortal.#live();
    return mortal;
  }

  /** Starts over with another configuration, as a person does who has changed the file. */
  async reconfigure(change: (config: Config) => Config): Promise<void> {
    const { story } = this;
    this.#direct = change(this.#direct);
    await story.bot.stop();
    await this.#live();
  }

  /** Everything that is due, and after each death the next life; then what waits for its next try. */
  async settle(): Promise<void> {
    await this.#settleNow();
    for (let step = 0; step < STEPS; step += 1) {
      const at = await this.#nextDeadline();
      if (at === null) return;
      this.story.clock.advance(Math.max(0, at.getTime() - this.story.clock.now().getTime()) + 1);
      await this.#settleNow();
    }
    throw new Error('tries again and again, and never comes to rest');
  }

  async #settleNow(): Promise<void> {
    for (let life = 0; life < LIVES; life += 1) {
      try {
        await this.story.settle();
        if (!this.#life.isDead()) return;
      } catch (error) {
        if (!this.#life.isDead()) throw error;
      }
      await this.#live();
    }
    throw new Error(`died ${LIVES} times`);
  }

  async #nextDeadline(): Promise<Date | null> {
    const rows = await this.story.bot.world.db.query<{ at: Date | null }[]>(
      `select min(run_at) as at from cron_trigger
        where run_at > '-infinity' and run_at < $1::timestamptz + make_interval(hours => $2)`,
      [this.story.clock.now(), HORIZON_HOURS],
    );
    return rows[0]?.at ?? null;
  }

  /**
   * Buries the last process, if one died, and starts the next. One that dies while it starts, or ends because it cannot, is
   * followed by another: whoever supervises it sees to that.
   */
  async #live(): Promise<void> {
    for (let failures = 0; ;) {
      await this.#bury();
      try {
        await this.#start();
        if (this.#life.isDead()) continue;
        await redeliverFailed(this.story);
        return;
      } catch (error) {
        if (!this.#life.isDead()) failures += 1;
        if (failures > FAILED_STARTS) throw error;
      }
    }
  }

  async #bury(): Promise<void> {
    if (this.#life.isDead()) this.restarts += 1;
    // A process that starts anew may have been killed half-way through: it has nothing left to stop.
    await this.story.bot.stop().catch(() => undefined);
    for (const gate of this.#gates.splice(0)) gate.close();
    const url = this.#direct.database.url?.reveal() ?? '';
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      await client.query(
        `select pg_terminate_backend(pid, 5000) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid()`,
      );
      await client.query(
        `update cron set lease_until = clock_timestamp() - interval '1 second' where lease_until is not null`,
      );
    } finally {
      await client.end();
    }
  }

  async #start(): Promise<void> {
    const life = new Life(this.points);
    this.#life = life;
    const database = await PostgresGate.open(life, this.#direct.database.url?.reveal() ?? '');
    const github = await GitHubGate.open(life, this.story.sim);
    this.#gates = [database, github];
    this.#lives += 1;
    this.story.config = {
      ...this.#direct,
      dataDir: join(this.story.folder, `machine-${Math.floor((this.#lives * 2) / 3)}`),
      database: { url: new Secret(database.url) },
      github: {
        ...this.#direct.github,
        apiUrl: github.url,
        graphqlUrl: `${github.url}/graphql`,
        gitUrl: github.url,
      },
    };
    await this.story.restartBot();
  }

  get githubFolder(): string {
    return githubFolder(this.story.folder);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.story[Symbol.asyncDispose]();
    for (const gate of this.#gates.splice(0)) gate.close();
  }
}
