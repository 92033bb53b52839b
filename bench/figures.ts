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
export function printReport({ bench, about, series }: Report): string {
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
  return [`${bench}: ${about}`, line(head), ...rows.map(line)].join('\n');
}

/** Milliseconds that some work takes. */
export async function timeOf(work: () => unknown): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}
