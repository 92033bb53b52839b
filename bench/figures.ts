/** What was measured, one value a run. */
export interface Series {
  readonly name: string;
  readonly unit: 'ms' | '/s';
  readonly values: readonly number[];
}

/** The result of a benchmark. The first series is ours; the others are what it is compared with, measured in the same run. */
export interface Report {
  readonly bench: string;
  /** What one value means, and under which conditions. */
  readonly about: string;
  readonly series: readonly Series[];
  /** What must be reached, and whether it was in this run. */
  readonly targets?: readonly Target[];
  /** The most MB the server had resident, where it is a process of its own; else that of the benchmark itself counts. */
  readonly residentMb?: number;
}

/** A figure to reach. */
export interface Target {
  /** What must hold, as a sentence with its numbers. */
  readonly wanted: string;
  /** What was found, in the same words. */
  readonly found: string;
  readonly reached: boolean;
}

/** A series in figures. */
export interface Figures {
  readonly name: string;
  readonly unit: string;
  readonly runs: number;
  readonly median: number;
  readonly p95: number;
  readonly p99: number;
}

/** Sums a series up. p95 is what 95 of 100 runs were at least as good as: for rates, the low end. */
export function summarise({ name, unit, values }: Series): Figures {
  const worst = unit === '/s' ? -1 : 1;
  const sorted = [...values].sort((one, other) => worst * (one - other));
  const at = (share: number) => {
    const value = sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? NaN;
    return Number(value.toPrecision(3));
  };
  return { name, unit, runs: values.length, median: at(0.5), p95: at(0.95), p99: at(0.99) };
}

/** Prints a report for people: one line a series. */
export function printReport({ bench, about, series, targets = [] }: Report): string {
  const head = ['', 'median', 'p95', 'p99', 'runs'];
  const rows = series.map((one) => {
    const { name, unit, median, p95, p99, runs } = summarise(one);
    return [name, ...[median, p95, p99].map((value) => `${value} ${unit}`), String(runs)];
  });
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ');
  const goals = targets.map(
    ({ wanted, found, reached }) => `${reached ? 'reached' : 'MISSED '}  ${wanted}: ${found}`,
  );
  return [`${bench}: ${about}`, line(head), ...rows.map(line), ...goals].join('\n');
}

/** The median, p95 or p99 of values, each the smaller the better, rounded as it is printed. */
export function figure(values: readonly number[], which: 'median' | 'p95' | 'p99'): number {
  return summarise({ name: '', unit: 'ms', values })[which];
}

/** A target that a number must not exceed. */
export function atMost(limit: number, found: number, what: string): Target {
  const round = (value: number) => Number(value.toPrecision(3));
  return {
    wanted: `${what}, at most ${round(limit)}`,
    found: String(round(found)),
    reached: found <= limit,
  };
}

/** A target that a number must not fall below. */
export function atLeast(limit: number, found: number, what: string): Target {
  const { found: shown } = atMost(limit, found, what);
  return {
    wanted: `${what}, at least ${Number(limit.toPrecision(3))}`,
    found: shown,
    reached: found >= limit,
  };
}

/** Milliseconds that some work takes. */
export async function timeOf(work: () => unknown): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}
