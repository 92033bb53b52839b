/** The one source of time. SQL compares with a parameter taken from here, rules get `now` handed in. */
export interface Clock {
  now(): Date;
}

/** The machine's own time. */
export const systemClock: Clock = { now: () => new Date() };
