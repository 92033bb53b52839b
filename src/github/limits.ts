import type { Clock } from '../lib/clock.ts';
import type { Incoming } from './transport.ts';

const HOUR_MS = 3_600_000;
/** GitHub's advice for a secondary limit without a word on how long: a minute, then ever longer. */
const FIRST_GUESS_MS = 60_000;

/** What of an answer can ask to wait. */
export type Limiting = Pick<Incoming, 'status' | 'headers' | 'body'>;

/** How long GitHub asks to be left alone; `guess` when it does not say; null when it does not ask. */
export type Asked = number | 'guess' | null;

/**
 * Reads the wait GitHub asks for. Headers decide; the text is looked at only for the two answers that carry no
 * header and no code of their own: a secondary limit as 403, and GraphQL's limit inside a 200.
 *
 * @see https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
export function readWait(answer: Limiting, now: Date): Asked {
  if (answer.status < 300)
    return isGraphqlLimit(answer) ? (untilReset(answer, now) ?? 'guess') : null;
  if (![403, 429, 503].includes(answer.status)) return null;
  const told = retryAfter(answer, now) ?? untilReset(answer, now);
  if (told !== null) return told;
  if (answer.status === 429) return 'guess';
  return answer.status === 403 && speaksOfSecondaryLimit(answer) ? 'guess' : null;
}

/** Seconds, or a date, as HTTP has it. */
function retryAfter({ headers }: Limiting, now: Date): number | null {
  const value = headers['retry-after'];
  if (value === undefined) return null;
  const seconds = /^\d{1,9}$/.test(value) ? Number(value) : NaN;
  if (!Number.isNaN(seconds)) return seconds * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, date - serverTime(headers, now));
}

/** The primary limit: nothing is left until the reset. One second more, as resets are whole seconds. */
function untilReset({ headers }: Limiting, now: Date): number | null {
  if (headers['x-ratelimit-remaining'] !== '0') return null;
  const reset = Number(headers['x-ratelimit-reset'] ?? NaN);
  if (!Number.isFinite(reset)) return null;
  return Math.max(0, reset * 1000 - serverTime(headers, now)) + 1000;
}

/** GitHub's clock, not ours, as the reset is told in it. */
function serverTime(headers: Limiting['headers'], now: Date): number {
  const date = Date.parse(headers.date ?? '');
  return Number.isNaN(date) ? now.getTime() : date;
}

function speaksOfSecondaryLimit({ body }: Limiting): boolean {
  return /secondary[- ]rate[- ]limit|abuse detection/i.test(body.toString('utf8', 0, 4096));
}

function isGraphqlLimit({ body }: Limiting): boolean {
  // A limit's answer is short; the pattern keeps the word in a comment's text from counting.
  if (body.length > 4096) return false;
  return /"errors"\s*:\s*\[[^\]]*"type"\s*:\s*"RATE_LIMITED"/.test(body.toString('utf8'));
}

/** The two reasons not to send: GitHub asked to wait, or our own hourly allowance of new content is used up. */
export interface Limits {
  /** Milliseconds until a call may leave; 0: now. Counts the call when it may. */
  admit(call: { readonly creates: boolean }): number;
  /** Learns from an answer; returns the wait it asks for, null if none. */
  observe(answer: Limiting): number | null;
}

/**
 * The limits of one account.
 *
 * @param options.creationsPerHour comments, pull requests and deployments; GitHub's bound for an account is 500
 *   (I-34). Infinity where nobody counts.
 */
export function createLimits(options: {
  readonly clock: Clock;
  readonly creationsPerHour: number;
}): Limits {
  const { clock, creationsPerHour } = options;
  const creations: number[] = [];
  let closedUntil = 0;
  let guesses = 0;

  const untilAllowance = (now: number): number => {
    while (creations[0] !== undefined && creations[0] <= now - HOUR_MS) creations.shift();
    return creations.length < creationsPerHour ? 0 : (creations[0] ?? now) + HOUR_MS - now;
  };

  return {
    admit({ creates }) {
      const now = clock.now().getTime();
      const wait = Math.max(closedUntil - now, creates ? untilAllowance(now) : 0, 0);
      if (wait === 0 && creates && creationsPerHour !== Infinity) creations.push(now);
      return wait;
    },
    observe(answer) {
      const now = clock.now();
      const asked = readWait(answer, now);
      if (asked === null) {
        if (answer.status < 300) guesses = 0;
        return null;
      }
      const wait = asked === 'guess' ? Math.min(FIRST_GUESS_MS * 2 ** guesses++, HOUR_MS) : asked;
      closedUntil = Math.max(closedUntil, now.getTime() + wait);
      return wait;
    },
  };
}
