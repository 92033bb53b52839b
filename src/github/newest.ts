import type { StatusReport } from './facts.ts';

/**
 * Keeps the newest word of each context, statuses and check runs together (R10). Of two of the same moment the
 * later in the list stays.
 */
export function keepNewest(reports: readonly StatusReport[]): StatusReport[] {
  const newest = new Map<string, StatusReport>();
  for (const report of reports) {
    const known = newest.get(report.context);
    if (known === undefined || known.at <= report.at) newest.set(report.context, report);
  }
  return [...newest.values()];
}
