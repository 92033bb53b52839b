/** What the next reminder of an open port rests on. Times are UTC, durations in milliseconds. */
export interface ReminderFacts {
  readonly openedAt: Date;
  /** How old a port must be before anybody is reminded. Used by `daily`. */
  readonly afterMs: number;
  readonly schedule: 'daily' | 'backoff';
  /** Time of day, `HH:MM`. */
  readonly at: string;
  /** When people were last reminded. */
  readonly last?: Date;
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Ages of the back-off schedule in days; then one every {@link BACKOFF_PERIOD_DAYS}. */
const BACKOFF_DAYS = [7, 14, 21, 28];
const BACKOFF_PERIOD_DAYS = 28;

/**
 * Gives the time of the next reminder (R24). It may lie in the past: then one reminder is due, and
 * only one however many were missed, since the next is counted from `last`.
 *
 * `daily`: at the given hour, first when the port is `afterMs` old, then every day. `backoff`: at the
 * age of 7, 14, 21 and 28 days, then every 28 days, at the given hour.
 */
export function nextReminder(facts: ReminderFacts): Date {
  return facts.schedule === 'daily' ? nextDaily(facts) : nextBackoff(facts);
}

function nextDaily({ openedAt, afterMs, at, last }: ReminderFacts): Date {
  const first = atHour(openedAt.getTime() + afterMs, at);
  if (last === undefined || last.getTime() < first) return new Date(first);
  return new Date(atHour(last.getTime() + 1, at));
}

function nextBackoff({ openedAt, at, last }: ReminderFacts): Date {
  const slot = (days: number): number => atHour(openedAt.getTime() + days * DAY_MS, at);
  const after = last?.getTime() ?? -Infinity;
  for (const days of BACKOFF_DAYS) if (slot(days) > after) return new Date(slot(days));
  const ageDays = (after - openedAt.getTime()) / DAY_MS;
  let days = Math.max(1, Math.floor(ageDays / BACKOFF_PERIOD_DAYS)) * BACKOFF_PERIOD_DAYS;
  while (slot(days) <= after) days += BACKOFF_PERIOD_DAYS;
  return new Date(slot(days));
}

/** The first moment at that time of day which is not before `time`. */
function atHour(time: number, at: string): number {
  const [hours, minutes] = at.split(':').map(Number);
  const offset = ((hours ?? 0) * 60 + (minutes ?? 0)) * MINUTE_MS;
  const today = Math.floor(time / DAY_MS) * DAY_MS + offset;
  return today >= time ? today : today + DAY_MS;
}

/** An open port as the reminder sees it. */
export interface RemindedPort {
  readonly id: number;
  /** The port it was picked from, while attached. */
  readonly parentId: number | null;
  readonly open: boolean;
  /** Approved and green ports wait for the bot, not for a person. */
  readonly ready: boolean;
}

/**
 * Keeps the ports somebody should be reminded of: open, not ready, and not the parent of another
 * kept one, so that a chain is nagged about once, at its tip. Both sides of a detachment are tips
 * (forward-port spec 19.3).
 */
export function remindedTips<P extends RemindedPort>(ports: readonly P[]): P[] {
  const waiting = ports.filter((port) => port.open && !port.ready);
  const parents = new Set(waiting.map((port) => port.parentId));
  return waiting.filter((port) => !parents.has(port.id));
}
