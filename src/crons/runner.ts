import { randomUUID } from 'node:crypto';
import { dueCrons } from '../triggers/inbox.ts';
import { CRON_NAMES, type CronName } from '../triggers/names.ts';
import type { Run, World } from '../world.ts';
import { FIRST_RETRY_MS, recordFailure, recordSuccess } from './end.ts';
import { DeposedError, renewLease, takeDue, type Taken } from './lease.ts';
import { openRun } from './run.ts';

/** What a cron does when it runs; see crons/table.ts. */
export type CronBody = (run: Run) => Promise<void>;

const RENEW_MS = 3_000;

/**
 * Runs crons that have a due wake: one run at a time per cron, here and over all processes; wakes that come meanwhile mean
 * one more run. A wake is deleted only after the run that answered it, so a crash repeats the run.
 */
export class Runner {
  readonly #world: World;
  readonly #bodies: Readonly<Record<CronName, CronBody>>;
  readonly #owner = randomUUID();
  readonly #running = new Map<CronName, { again: boolean; done: Promise<void> }>();
  readonly #timers = new Map<CronName, NodeJS.Timeout>();
  #stopping = false;

  constructor(world: World, bodies: Readonly<Record<CronName, CronBody>>) {
    this.#world = world;
    this.#bodies = bodies;
  }

  /** Runs the cron now, or once more after the run that is under way. Never throws: what fails is in the log and the row. */
  kick(cron: CronName): void {
    const running = this.#running.get(cron);
    if (running) running.again = true;
    else if (!this.#stopping) this.#start(cron);
  }

  /** Looks at the whole inbox: after a connect, and when a deadline is reached. */
  async kickDue(): Promise<void> {
    for (const cron of await dueCrons(this.#world.db.manager, this.#world.clock.now()))
      this.kick(cron);
  }

  /** True while any cron runs here. */
  get busy(): boolean {
    return this.#running.size > 0;
  }

  /**
   * Runs due crons one after another, in the order of CRON_NAMES, and answers how many ran. For callers that want to see
   * everything done: tests and `--once`.
   */
  async runDue(): Promise<number> {
    const due = new Set(await dueCrons(this.#world.db.manager, this.#world.clock.now()));
    const names = CRON_NAMES.filter((name) => due.has(name));
    for (const name of names) {
      this.kick(name);
      await this.#running.get(name)?.done;
    }
    return names.length;
  }

  /** Lets running items finish and starts nothing more. */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    await Promise.all([...this.#running.values()].map((running) => running.done));
  }

  #start(cron: CronName): void {
    const state = { again: false, done: Promise.resolve() };
    this.#running.set(cron, state);
    state.done = this.#loop(cron, state).finally(() => {
      this.#running.delete(cron);
      if (state.again) this.kick(cron); // rung between the last look and here
    });
  }

  async #loop(cron: CronName, state: { again: boolean }): Promise<void> {
    do {
      state.again = false;
      try {
        await this.#runOnce(cron);
      } catch (error) {
        this.#world.log.error({ err: error, cron }, 'cron could not be run');
        this.#later(cron, FIRST_RETRY_MS);
      }
    } while (this.#mayRunAgain(state));
  }

  #mayRunAgain(state: { again: boolean }): boolean {
    return state.again && !this.#stopping;
  }

  async #runOnce(cron: CronName): Promise<void> {
    const { db, clock } = this.#world;
    const answer = await takeDue(db, cron, { owner: this.#owner, now: clock.now() });
    if (answer.kind === 'held') this.#later(cron, answer.forMs);
    else if (answer.kind === 'taken') await this.#runWith(answer);
  }

  async #runWith(taken: Taken): Promise<void> {
    const { lease } = taken;
    const log = this.#world.log.child({ cron: lease.cron, run: lease.epoch });
    const renewal = setInterval(() => {
      renewLease(this.#world.db, lease).catch((error: unknown) =>
        log.warn({ err: error }, 'lease was not renewed'),
      );
    }, RENEW_MS);
    try {
      const run = openRun({ ...this.#world, log }, lease, () => this.#stopping);
      await this.#bodies[lease.cron](run);
      await recordSuccess(this.#world, taken, { stopping: this.#stopping });
    } catch (error) {
      if (error instanceof DeposedError) {
        log.warn({ err: error }, 'another process has taken over');
        return;
      }
      log.error({ err: error }, 'cron failed, will be run again');
      await recordFailure(this.#world, taken, error);
    } finally {
      clearInterval(renewal);
    }
  }

  /** One timer a cron: however often it is asked meanwhile, it comes when it first would have. */
  #later(cron: CronName, delayMs: number): void {
    if (this.#stopping || this.#timers.has(cron)) return;
    const timer = setTimeout(() => {
      this.#timers.delete(cron);
      this.kick(cron);
    }, delayMs);
    this.#timers.set(cron, timer);
    timer.unref();
  }
}
