import type { CronName } from './names.ts';

/** A write that wakes a cron. A wake may be spurious; it may never be missing (R1). */
export interface Trigger {
  readonly table: string;
  /** `insert`, `delete`, or the columns whose change wakes. */
  readonly on: 'insert' | 'delete' | readonly [string, ...string[]];
  /** A condition on `new` and `old`, in SQL. Left out unless the wakes are many. */
  readonly when?: string;
  readonly wakes: CronName;
  /** One clause, printed in docs/CRONS.md: what may now be possible. */
  readonly because: string;
}

/**
 * A column that holds a time at which a cron has to look. Each row has at most one such wake, however often the time
 * moves (R2); it goes when the row goes, or when `when` no longer holds.
 */
export interface Deadline {
  readonly table: string;
  readonly at: string;
  /** A condition on `new`, in SQL: whether the time means anything now. */
  readonly when?: string;
  readonly wakes: CronName;
  readonly because: string;
}

/** The work queues: a row wakes its cron when it comes, and again when its retry is due. `keeps`: what is done has `done_at`. */
export const QUEUES = [
  { table: 'delivery', cron: 'deliveries', keeps: true, because: 'GitHub has told us something' },
  { table: 'status_job', cron: 'statuses', because: 'CI has spoken about a commit' },
  { table: 'fetch_job', cron: 'fetch', because: 'a pull request is unknown or doubted' },
  {
    table: 'feedback',
    cron: 'feedback',
    keeps: true,
    because: 'there is something to say or to close',
  },
  { table: 'label_change', cron: 'labels', because: 'labels have to change' },
  { table: 'issue_job', cron: 'issues', because: 'what fixes an issue has landed' },
  { table: 'validate_job', cron: 'validate', because: 'a batch became stageable' },
  { table: 'forwardport_job', cron: 'forwardport', because: 'a batch waits for its next branch' },
  {
    table: 'forwardport_update',
    cron: 'forwardport-updates',
    because: 'the ports of a changed pull request must follow',
  },
  { table: 'branch_removal', cron: 'branch-removal', because: 'a head branch is no longer needed' },
] as const satisfies readonly { table: string; cron: CronName; keeps?: true; because: string }[];

export type QueueTable = (typeof QUEUES)[number]['table'];

/**
 * Queues whose rows stand in lines, and the columns whose value names a line: while a row of a line waits for a retry, the
 * later ones of the line wait too.
 */
export const LINES = {
  feedback: ['repository_id', 'number'],
  label_change: ['repository_id', 'number'],
  forwardport_update: ['pull_request_id'],
} as const satisfies Partial<Record<QueueTable, readonly string[]>>;

/** Every write that wakes, apart from the queues' own. */
const WRITES: readonly Trigger[] = [
  {
    table: 'staging',
    on: ['state', 'pushed_at'],
    when: `new.active and new.state in ('success', 'failure')`,
    wakes: 'merge',
    because: 'a staging can be landed, or must be split',
  },
  {
    table: 'branch',
    on: ['active'],
    when: 'not new.active',
    wakes: 'merge',
    because: 'what runs on a disabled branch must end',
  },
  {
    table: 'staging',
    on: ['active'],
    when: 'not new.active',
    wakes: 'staging',
    because: 'the branch is free for the next staging',
  },
  {
    table: 'staging',
    on: ['repair_wanted'],
    when: 'new.repair_wanted is not null',
    wakes: 'staging',
    because: 'a landing that stopped half-way is to be repaired',
  },
  {
    table: 'project',
    on: ['frozen'],
    when: 'not new.frozen',
    wakes: 'merge',
    because: 'what became green while the project was frozen may land',
  },
  {
    table: 'batch',
    on: ['blocked', 'target_id', 'split_id', 'priority', 'merged_at'],
    when: 'new.blocked is null',
    wakes: 'staging',
    because: 'a batch became stageable, or its place in the queue changed',
  },
  {
    table: 'batch',
    on: 'insert',
    when: 'new.blocked is null',
    wakes: 'staging',
    because: 'a batch came that can be staged',
  },
  {
    table: 'pull_request',
    on: ['merge_method'],
    when: `new.state = 'ready'`,
    wakes: 'staging',
    because: 'the question how to merge was answered',
  },
  {
    table: 'branch',
    on: ['active', 'staging_enabled'],
    when: 'new.active and new.staging_enabled',
    wakes: 'staging',
    because: 'staging on the branch was switched on',
  },
  {
    table: 'project',
    on: ['active', 'staging_enabled', 'frozen', 'settings'],
    when: 'new.active and new.staging_enabled and not new.frozen',
    wakes: 'staging',
    because: 'staging in the project was switched on or set differently',
  },
  {
    table: 'project',
    on: ['active', 'settings'],
    wakes: 'forwardport',
    because: 'porting in the project may have been switched on',
  },
  {
    table: 'branch',
    on: 'insert',
    wakes: 'forwardport',
    because: 'what was merged before may be owed to a new branch',
  },
  {
    table: 'branch',
    on: ['active'],
    wakes: 'forwardport',
    because: 'chains jump over a disabled branch and reach an enabled one',
  },
  {
    table: 'pull_request',
    on: ['closed', 'merged_sha'],
    when: 'new.source_id is not null and (new.closed or new.merged_sha is not null)',
    wakes: 'forwardport',
    because: 'a chain ended, and the branches behind must have a port or the reason',
  },
  {
    table: 'pull_request',
    on: 'insert',
    wakes: 'linked-warnings',
    because: 'a pull request joined others that may be ready',
  },
  {
    table: 'pull_request',
    on: ['state'],
    when:
      `new.state not in ('merged', 'closed')` +
      ` and (new.state in ('ready', 'error') or old.state in ('ready', 'approved', 'closed'))`,
    wakes: 'linked-warnings',
    because: 'a pull request became ready, or holds up others that are',
  },
  {
    table: 'pull_request',
    on: ['draft', 'batch_id'],
    when: `new.state not in ('merged', 'closed')`,
    wakes: 'linked-warnings',
    because: 'a pull request now holds up others, or is held up',
  },
  {
    table: 'pull_request',
    on: ['status'],
    when: `new.status = 'failure' and new.state not in ('merged', 'closed')`,
    wakes: 'linked-warnings',
    because: 'what a red one holds up need not be waited for',
  },
  {
    table: 'batch',
    on: ['blocked'],
    when: 'old.blocked is null and new.blocked is not null',
    wakes: 'linked-warnings',
    because: 'a batch waits again, and may hold up ready pull requests',
  },
  {
    table: 'repository',
    on: 'insert',
    wakes: 'reconcile',
    because: 'what happened in the repository so far is not known',
  },
  {
    table: 'repository',
    on: ['active'],
    when: 'new.active',
    wakes: 'reconcile',
    because: 'what happened in the repository meanwhile is not known',
  },
  {
    table: 'branch',
    on: 'insert',
    wakes: 'reconcile',
    because: 'pull requests onto the branch were none of our business before',
  },
];

/** A row that is due at once, whatever the clock says; all others have a deadline. */
const AT_ONCE = 'new.retry_at is null and new.dead_at is null';

/** When a row comes, and when somebody takes its pause, its death or its end back. */
function queueTriggers(queue: (typeof QUEUES)[number]): Trigger[] {
  const { table, cron, because } = queue;
  const keeps = 'keeps' in queue;
  return [
    { table, on: 'insert', when: AT_ONCE, wakes: cron, because },
    {
      table,
      on: ['retry_at', 'dead_at', ...(keeps ? ['done_at'] : [])],
      when: keeps ? `${AT_ONCE} and new.done_at is null` : AT_ONCE,
      wakes: cron,
      because: 'the row was put back to be tried at once',
    },
    ...(table in LINES ? lineTriggers(queue) : []),
  ];
}

/**
 * Rows that stood behind one in pause have no wake of their own, and that of the pause goes with it. The run which ends the
 * pause goes on with them, unless its process dies just then.
 */
function lineTriggers({ table, cron }: (typeof QUEUES)[number]): Trigger[] {
  const because = 'what stood in line behind the row may go on';
  return [
    {
      table,
      on: ['retry_at'],
      when: 'old.retry_at is not null and new.retry_at is null',
      wakes: cron,
      because,
    },
    { table, on: 'delete', when: 'old.retry_at is not null', wakes: cron, because },
  ];
}

export const TRIGGERS: readonly Trigger[] = [...QUEUES.flatMap(queueTriggers), ...WRITES];

export const DEADLINES: readonly Deadline[] = [
  ...QUEUES.map(({ table, cron }): Deadline => ({
    table,
    at: 'retry_at',
    when: 'new.dead_at is null',
    wakes: cron,
    because: 'the row may be tried again',
  })),
  {
    table: 'staging',
    at: 'timeout_at',
    when: `new.active and new.state = 'pending'`,
    wakes: 'merge',
    because: 'CI has used up its time',
  },
  {
    table: 'landing_step',
    at: 'retry_at',
    when: `new.state <> 'moved'`,
    wakes: 'merge',
    because: 'a push that was refused may be tried again',
  },
  {
    table: 'pull_request',
    at: 'reminder_at',
    when: `new.source_id is not null and new.state not in ('merged', 'closed')`,
    wakes: 'reminders',
    because: 'a port has waited long enough for its people',
  },
  {
    table: 'cron',
    at: 'until',
    when: 'not new.active',
    wakes: 'maintenance',
    because: 'a switch was turned off only until then',
  },
];
