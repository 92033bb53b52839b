import { type Job, scheduleJob } from 'node-schedule';
import type { DataSource } from 'typeorm';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/log.ts';
import { nextDeadline, wake } from '../triggers/inbox.ts';
import type { CronName } from '../triggers/names.ts';

/** When a cron is woken that nobody rang: a rule of node-schedule (UTC), or an interval in milliseconds. */
export type Fallback = { readonly rule: string } | { readonly everyMs: number };

const LONGEST_SLEEP_MS = 6 * 3_600_000; // a timer never has to bridge more: clocks jump, machines sleep
const LOOK_AGAIN_MS = 1_000; // after a look that the database did not answer

/**
 * The timers. node-schedule writes wakes and tells the runner that a deadline is there; it never runs work itself (R7):
 * its jobs overlap, and one that throws would end the process.
 */
export class Schedule {
  readonly #jobs = new Map<CronName, Job>();
  #deadline: Job | null = null;
  #arming: Promise<void> | null = null;
  #stale = false;
  #again: NodeJS.Timeout | null = null;
  #stopped = false;
  readonly #db: DataSource;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #due: () => Promise<void>;

  /** @param options.due starts what is due now; called at each look. */
  constructor(options: { db: DataSource; clock: Clock; log: Logger; due: () => Promise<void> }) {
    this.#db = options.db;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#due = options.due;
  }

  /** Starts the fallback of every cron, and sleeps on the next deadline. */
  async start(fallbacks: Readonly<Record<CronName, Fallback>>): Promise<void> {
    for (const [cron, fallback] of Object.entries(fallbacks) as [CronName, Fallback][]) {
      this.#plan(cron, fallback);
    }
    await this.rearm();
  }

  /**
   * Looks: starts what is due, and sleeps until the next deadline. Called at start, whenever a deadline was written (it may
   * be over already), and when one is reached. One look at a time: two that overlap could answer in the wrong order, and
   * the later deadline would win. A flood of calls costs two looks; a look that fails is repeated.
   */
  rearm(): Promise<void> {
    this.#stale = true;
    this.#arming ??= this.#armUntilFresh();
    return this.#arming;
  }

  async #armUntilFresh(): Promise<void> {
    try {
      while (this.#stale && !this.#stopped) {
        this.#stale = false;
        await this.#arm();
      }
    } catch (error) {
      this.#log.warn({ err: error }, 'next deadline unknown, will look again');
      this.#lookAgain();
    } finally {
      this.#arming = null;
    }
  }

  async #arm(): Promise<void> {
    // this time first: a deadline that passes between the two questions is answered by both, never by none
    const now = this.#clock.now();
    await this.#due();
    const at = await nextDeadline(this.#db.manager, now);
    if (this.#stopped) return;
    this.#deadline?.cancel();
    const wanted = Math.min(at?.getTime() ?? Infinity, now.getTime() + LONGEST_SLEEP_MS);
    // node-schedule answers null for a time that has passed while we looked
    const soonest = new Date(Math.max(wanted, now.getTime() + 5));
    const job = scheduleJob(soonest, () => void this.rearm()) as Job | null;
    this.#deadline = job;
    if (job === null) this.#stale = true;
  }

  #lookAgain(): void {
    if (this.#stopped) return;
    if (this.#again) clearTimeout(this.#again);
    this.#again = setTimeout(() => void this.rearm(), LOOK_AGAIN_MS);
  }

  /** Lets no timer fire any more. */
  stop(): void {
    this.#stopped = true;
    if (this.#again) clearTimeout(this.#again);
    this.#deadline?.cancel();
    for (const job of this.#jobs.values()) job.cancel();
  }

  #plan(cron: CronName, fallback: Fallback): void {
    if ('everyMs' in fallback) {
      this.#planInterval(cron, fallback.everyMs);
      return;
    }
    const job = scheduleJob({ rule: fallback.rule, tz: 'Etc/UTC' }, () => this.#ring(cron));
    // null: the rule is wrong. The configuration refuses such rules, so this is our own mistake.
    if ((job as Job | null) === null)
      throw new Error(`cron ${cron}: bad schedule ${fallback.rule}`);
    this.#jobs.set(cron, job);
  }

  #planInterval(cron: CronName, everyMs: number): void {
    const next = () => {
      if (this.#stopped) return;
      const job = scheduleJob(new Date(this.#clock.now().getTime() + everyMs), () => {
        this.#ring(cron);
        next();
      });
      this.#jobs.set(cron, job);
    };
    next();
  }

  #ring(cron: CronName): void {
    wake(this.#db.manager, cron).catch((error: unknown) =>
      this.#log.warn({ err: error, cron }, 'fallback wake was not written'),
    );
  }
}
