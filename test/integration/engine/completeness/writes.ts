import { QUEUES } from '../../../../src/triggers/table.ts';

/** Columns by their names in the database. */
export type Columns = Readonly<Record<string, unknown>>;

/** What a write may ask while its values are made. */
export interface Occasion {
  /** The writer's own project, whose repository has the same id. */
  readonly project: number;
  readonly now: Date;
  /** Different in each write. */
  readonly serial: number;
  /** A row of the writer's own; undefined when there is none. */
  readonly pick: (table: string, only?: string) => Promise<number | undefined>;
}

/** A write that people, the bot or an operator may do to rows of a project. */
export interface Write {
  readonly weight: number;
  readonly table: string;
  readonly does: 'insert' | 'update' | 'delete';
  /** A condition on the rows that may be changed or deleted. */
  readonly only?: string;
  /** Undefined: it cannot be done now. */
  readonly values?: (at: Occasion) => Columns | undefined | Promise<Columns | undefined>;
  /** Crons that owe a look afterwards although no row says so. */
  readonly owes?: readonly string[];
}

const minutes = (now: Date, count: number) => new Date(now.getTime() + count * 60_000);
const update = (weight: number, table: string, values: Write['values'], only?: string): Write => ({
  weight,
  table,
  does: 'update',
  ...(values ? { values } : {}),
  ...(only === undefined ? {} : { only }),
});
const insert = (weight: number, table: string, values: Write['values']): Write => ({
  weight,
  table,
  does: 'insert',
  ...(values ? { values } : {}),
});

/** What a row of each queue needs besides its time. */
const QUEUED: Readonly<Record<(typeof QUEUES)[number]['table'], Write['values']>> = {
  delivery: ({ project, serial }) => ({
    guid: `p${project}-${serial}`,
    event: 'ping',
    body: Buffer.from('x'),
  }),
  status_job: ({ project, serial }) => ({ repository_id: project, sha: String(serial) }),
  fetch_job: ({ project, serial }) => ({ repository_id: project, number: serial }),
  feedback: ({ project, serial }) => ({
    ...{ repository_id: project, number: 1, kind: 'comment', key: `k${serial}` },
    payload: { text: 'hello' },
  }),
  label_change: ({ project }) => ({ repository_id: project, number: 1 }),
  issue_job: ({ project, serial }) => ({ repository_id: project, number: serial }),
  validate_job: async ({ pick }) => ({ batch_id: await pick('batch') }),
  forwardport_job: async ({ pick }) => ({ batch_id: await pick('batch'), kind: 'merge' }),
  forwardport_update: async ({ pick }) => ({
    pull_request_id: await pick('pull_request'),
    head: 'h',
  }),
  branch_removal: async ({ pick }) => ({ pull_request_id: await pick('pull_request') }),
};

const queueWrites = QUEUES.flatMap(({ table }): Write[] => {
  const row = async (at: Occasion) => ({ ...(await QUEUED[table]?.(at)), queued_at: at.now });
  return [
    insert(3, table, row),
    insert(1, table, async (at) => ({ ...(await row(at)), retry_at: minutes(at.now, 20) })),
    update(1, table, ({ now }) => ({ retry_at: minutes(now, 30), last_error: 'later' })),
    update(1, table, () => ({ retry_at: null, dead_at: null })),
    update(1, table, ({ now }) => ({ dead_at: now, retry_at: null })),
    { weight: 1, table, does: 'delete' },
  ];
});

const stagingWrites: Write[] = [
  insert(6, 'staging', async ({ project, now, pick }) => {
    const free = `active and id not in (select branch_id from staging where active)`;
    const branch = await pick('branch', free);
    if (branch === undefined) return undefined;
    const times = { staged_at: now, pushed_at: now, timeout_at: minutes(now, 25) };
    return { project_id: project, branch_id: branch, ...times };
  }),
  update(4, 'staging', () => ({ state: 'success' }), 'active'),
  update(4, 'staging', () => ({ state: 'failure' }), 'active'),
  update(4, 'staging', ({ now }) => ({ timeout_at: minutes(now, 40) }), 'active'),
  update(4, 'staging', () => ({ state: 'cancelled', active: false }), 'active'),
  update(5, 'batch', () => ({ blocked: null })),
  update(5, 'batch', () => ({ blocked: 'waits for review' })),
  update(2, 'batch', () => ({ priority: 'alone' })),
  insert(4, 'batch', async ({ project, now, serial, pick }) => ({
    ...{ project_id: project, target_id: await pick('branch'), label: `l${serial}` },
    ...{ created_at: now, blocked: serial % 3 === 0 ? null : 'new' },
  })),
  update(3, 'branch', () => ({ staging_enabled: false })),
  update(3, 'branch', () => ({ staging_enabled: true })),
  { ...update(1, 'branch', () => ({ active: false }), 'active'), owes: ['forwardport'] },
  { ...update(2, 'branch', () => ({ active: true }), 'not active'), owes: ['forwardport'] },
  update(1, 'project', () => ({ frozen: true })),
  update(2, 'project', () => ({ frozen: false })),
  update(1, 'project', () => ({ active: false })),
  update(2, 'project', () => ({ active: true, staging_enabled: true })),
  update(1, 'project', () => ({ settings: { forwardport: { enabled: false } } })),
  update(2, 'project', () => ({ settings: { forwardport: { enabled: true } } })),
];

const pullWrites: Write[] = [
  insert(4, 'pull_request', async ({ project, now, serial, pick }) => ({
    ...{ repository_id: project, number: serial, title: 't', base: 'master', head: `h${serial}` },
    ...{ label: 'l', head_label: 'l', opened_at: now, github_updated_at: now, state_since: now },
    ...{ batch_id: await pick('batch') },
  })),
  update(4, 'pull_request', ({ now }) => ({ state: 'ready', state_since: now })),
  update(3, 'pull_request', ({ now }) => ({ state: 'validated', state_since: now })),
  update(2, 'pull_request', ({ now }) => ({ state: 'error', state_since: now })),
  update(2, 'pull_request', ({ now }) => ({ state: 'closed', closed: true, state_since: now })),
  update(2, 'pull_request', () => ({ draft: true })),
  update(2, 'pull_request', () => ({ status: 'failure' })),
  update(4, 'pull_request', ({ now }) => ({ reminder_at: minutes(now, 35) }), 'source_id notnull'),
];

const rareWrites: Write[] = [
  { ...insert(1, 'branch', newBranch), owes: ['forwardport', 'reconcile'] },
  { ...update(1, 'repository', () => ({ active: true }), 'not active'), owes: ['reconcile'] },
  update(1, 'repository', () => ({ active: false })),
  insert(3, 'landing_step', async ({ project, now, pick }) => {
    const staging = await pick(
      'staging',
      'active and id not in (select staging_id from landing_step)',
    );
    if (staging === undefined) return undefined;
    const row = { staging_id: staging, repository_id: project, from: 'a', to: 'b' };
    return { ...row, retry_at: minutes(now, 15) };
  }),
];

function newBranch({ project, serial }: Occasion): Columns {
  return { project_id: project, name: `b${serial}`, sequence: serial };
}

/** Most of what is written in a day concerns no cron: most rows that come are what CI says, most changes are of texts. */
const quietWrites: Write[] = [
  insert(100, 'commit_status', ({ project, now, serial }) => ({
    ...{ repository_id: project, sha: `h${serial}`, context: 'ci/test', kind: 'status' },
    ...{ state: 'success', at: now },
  })),
  update(40, 'pull_request', ({ serial }) => ({ title: `title ${serial}` })),
  update(20, 'batch', ({ serial }) => ({ label: `label ${serial}` })),
  update(20, 'delivery', ({ serial }) => ({ outcome: `outcome ${serial}` })),
];

/** Every write there is. */
export const WRITES: readonly Write[] = [
  ...queueWrites,
  ...stagingWrites,
  ...pullWrites,
  ...rareWrites,
  ...quietWrites,
];

/** SQL of the rows that belong to a project (`$1`). */
export function ownRows(table: string): string {
  if (table === 'delivery') return `guid like 'p' || $1::int || '-%'`;
  if (['project', 'repository'].includes(table)) return 'id = $1';
  if (['batch', 'branch', 'staging'].includes(table)) return 'project_id = $1';
  if (['validate_job', 'forwardport_job'].includes(table))
    return 'batch_id in (select id from batch where project_id = $1)';
  if (['forwardport_update', 'branch_removal'].includes(table))
    return 'pull_request_id in (select id from pull_request where repository_id = $1)';
  return 'repository_id = $1';
}
