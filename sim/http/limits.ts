import { Refused } from '../errors.ts';
import type { Sim } from '../sim.ts';
import type { Actor } from './call.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const USUAL_LIMIT = 5000;

interface Budget {
  used: number;
  resetAt: number;
  writes: number[];
}

const budgets = new WeakMap<Sim, Map<string, Budget>>();

function budgetOf(sim: Sim, actor: Actor): Budget {
  const all = budgets.get(sim) ?? new Map<string, Budget>();
  budgets.set(sim, all);
  const key = actor.token?.value ?? (actor.app ? `app ${actor.app.id}` : '');
  const known = all.get(key);
  if (known && known.resetAt > Date.now()) return known;
  const fresh = { used: 0, resetAt: Date.now() + HOUR_MS, writes: known?.writes ?? [] };
  all.set(key, fresh);
  return fresh;
}

/** What is left to a caller, in GitHub's words; times in seconds. */
export function rateOf(sim: Sim, actor: Actor) {
  const budget = budgetOf(sim, actor);
  const limit = sim.switches.rateLimit ?? USUAL_LIMIT;
  return {
    limit,
    used: budget.used,
    remaining: Math.max(0, limit - budget.used),
    reset: Math.ceil(budget.resetAt / 1000),
  };
}

/** The refusal of a caller who is over a limit that is switched on. */
export function refusedByRate(sim: Sim, actor: Actor, method: string): Refused | null {
  const { rateLimit, secondaryLimit } = sim.switches;
  const budget = budgetOf(sim, actor);
  if (rateLimit !== null && budget.used >= rateLimit)
    return new Refused(403, `API rate limit exceeded for ${actor.user?.login ?? 'anonymous'}.`);
  if (secondaryLimit === null || method === 'GET' || method === 'HEAD') return null;
  const now = Date.now();
  budget.writes = budget.writes.filter((at) => at > now - MINUTE_MS);
  const oldest = budget.writes[0];
  if (oldest !== undefined && budget.writes.length >= secondaryLimit) {
    const seconds = Math.max(1, Math.ceil((oldest + MINUTE_MS - now) / 1000));
    const headers = { 'retry-after': String(seconds) };
    return new Refused(
      403,
      'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
      { headers },
    );
  }
  budget.writes.push(now);
  return null;
}

/** Counts the call unless it is free (304, looking at the limit) and gives the headers that say what is left. */
export function rateHeaders(sim: Sim, actor: Actor, free: boolean): Record<string, string> {
  if (!free) budgetOf(sim, actor).used += 1;
  const rate = rateOf(sim, actor);
  return {
    'x-ratelimit-limit': String(rate.limit),
    'x-ratelimit-remaining': String(rate.remaining),
    'x-ratelimit-used': String(rate.used),
    'x-ratelimit-reset': String(rate.reset),
    'x-ratelimit-resource': 'core',
  };
}
