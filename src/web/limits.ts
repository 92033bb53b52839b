import { Refusal } from './refusal.ts';
import type { Site } from './site.ts';

/** How much one caller may do: so many at once, and so many more each minute. */
interface Rate {
  readonly burst: number;
  readonly perMinute: number;
}

/** Generous for people and scripts, and dear enough for who guesses or floods (reliability 5.6). */
const RATES = {
  /** Logins begun or ended, by address. */
  login: { burst: 20, perMinute: 10 },
  /** Tokens that were wrong, by address. */
  guess: { burst: 10, perMinute: 5 },
  /** Changes, by person or token. */
  change: { burst: 60, perMinute: 60 },
  /** Everything else, by address. */
  read: { burst: 600, perMinute: 600 },
} as const satisfies Readonly<Record<string, Rate>>;

/** The most callers that are remembered: an attacker with many addresses must not fill the memory. */
const MOST_CALLERS = 10_000;
const MINUTE_MS = 60_000;

interface Bucket {
  left: number;
  at: number;
}

/**
 * Counts what callers do. In the memory of this process: several processes let through several times as much, and a
 * restart forgets, which costs nothing that matters.
 */
export class Limits {
  readonly #buckets = new Map<string, Bucket>();
  readonly #clock: Site['clock'];

  constructor({ clock }: Pick<Site, 'clock'>) {
    this.#clock = clock;
  }

  /** @throws 429, with the time to wait, once a caller has used up what he may do. */
  take(rate: keyof typeof RATES, who: string): void {
    this.check(rate, who).left -= 1;
  }

  /** @throws 429 like {@link take}, but uses nothing up. */
  check(rate: keyof typeof RATES, who: string): Bucket {
    const bucket = this.#fill(RATES[rate], `${rate} ${who}`);
    if (bucket.left >= 1) return bucket;
    const waitMs = ((1 - bucket.left) * MINUTE_MS) / RATES[rate].perMinute;
    throw new Refusal(429, 'too many requests: wait a moment', waitMs);
  }

  #fill(rate: Rate, key: string): Bucket {
    const now = this.#clock.now().getTime();
    const old = this.#buckets.get(key);
    const left = old ? old.left + ((now - old.at) * rate.perMinute) / MINUTE_MS : rate.burst;
    const bucket = { left: Math.min(rate.burst, Math.max(0, left)), at: now };
    this.#buckets.delete(key); // the map keeps the order of use: the first one is the longest unused
    this.#buckets.set(key, bucket);
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > MOST_CALLERS && oldest !== undefined) this.#buckets.delete(oldest);
    return bucket;
  }
}
