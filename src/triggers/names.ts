/** The crons, which are also the switches (contract 4, R3). */
export const CRON_NAMES = [
  'deliveries',
  'statuses',
  'fetch',
  'merge',
  'staging',
  'validate',
  'forwardport',
  'forwardport-updates',
  'feedback',
  'labels',
  'issues',
  'linked-warnings',
  'reminders',
  'branch-removal',
  'reconcile',
  'maintenance',
] as const;

export type CronName = (typeof CRON_NAMES)[number];

/** Tells whether a string from outside names a cron. */
export function isCronName(text: string): text is CronName {
  return (CRON_NAMES as readonly string[]).includes(text);
}
