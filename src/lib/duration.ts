const UNITS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const DURATION = /^(\d{1,9})([smhd])$/; // a whole number and one unit: 30s 5m 2h 7d

/** Reads `30s`, `5m`, `2h`, `7d`. @returns milliseconds, or nothing when the text is no duration. */
export function parseDuration(text: string): number | undefined {
  const [, count, unit] = DURATION.exec(text) ?? [];
  if (count === undefined || unit === undefined) return undefined;
  return Number(count) * UNITS[unit as keyof typeof UNITS];
}

/** Prints milliseconds in the largest unit that divides them: the inverse of {@link parseDuration}. */
export function formatDuration(ms: number): string {
  const units = ['d', 'h', 'm', 's'] as const;
  const unit = units.find((each) => ms >= UNITS[each] && ms % UNITS[each] === 0) ?? 's';
  return `${Math.round(ms / UNITS[unit])}${unit}`;
}
