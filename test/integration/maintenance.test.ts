import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { maintain } from '../../src/crons/maintain.ts';
import { warnLinked } from '../../src/crons/warn-linked.ts';
import { type ConfiguredDatabase, configuredDatabase, openHandRun } from '../conftest/run.ts';

const START = new Date('2026-03-01T10:00:00Z');
const after = (minutes: number) => new Date(START.getTime() + minutes * 60_000);

let configured: ConfiguredDatabase;

beforeEach(async () => {
  configured = await configuredDatabase(START);
});

afterEach(() => configured.close());

async function runMaintenance(now: Date): Promise<Record<string, unknown>[]> {
  const { run, logged } = await openHandRun(configured.db, 'maintenance', { now: () => now });
  await maintain(run);
  return logged;
}

describe('maintenance', () => {
  const off = (until: Date | null) =>
    configured.db.query(
      `update cron set active = false, reason = 'night', until = $1 where name = 'merge'`,
      [until],
    );
  const merge = () =>
    configured.db.query(`select active, reason, until from cron where name = 'merge'`);

  it('turns a switch on again when its time is over, wakes the cron, and says so in the log', async () => {
    await off(after(60));

    await runMaintenance(after(61));

    expect(await merge()).toEqual([{ active: true, reason: null, until: null }]);
    expect(
      await configured.db.query(`select 1 from cron_trigger where cron = 'merge'`),
    ).toHaveLength(1);
    const audit = await configured.db.query<{ object: string; via: string }[]>(
      `select object, via from audit where action = 'cron.enable'`,
    );
    expect(audit).toEqual([{ object: 'cron:merge', via: 'cron' }]);
  });

  it('is woken at the very time a switch ends', async () => {
    await off(after(60));

    expect(
      await configured.db.query(
        `select cron, run_at from cron_trigger where subject = 'cron:merge'`,
      ),
    ).toEqual([{ cron: 'maintenance', run_at: after(60) }]);
  });

  it('leaves switches alone whose time has not come, or that have none', async () => {
    for (const until of [after(60), null]) {
      await off(until);
      await runMaintenance(after(59));
      expect(await merge()).toMatchObject([{ active: false, reason: 'night' }]);
    }
  });

  it('forgets deliveries that were handled more than 35 days ago, and no others', async () => {
    const days = (count: number) => new Date(START.getTime() - count * 24 * 3_600_000);
    const insert = `insert into delivery (guid, event, body, queued_at, done_at) values ($1, 'ping', '', $2, $3)`;
    await configured.db.query(insert, ['old', days(40), days(36)]);
    await configured.db.query(insert, ['fresh', days(40), days(34)]);
    await configured.db.query(insert, ['open', days(40), null]);

    await runMaintenance(START);

    const left = await configured.db.query<{ guid: string }[]>(
      'select guid from delivery order by guid',
    );
    expect(left.map((row) => row.guid)).toEqual(['fresh', 'open']);
  });

  it('counts dead letters where operators look', async () => {
    await configured.db.query(
      `insert into issue_job (repository_id, number, queued_at, dead_at) values (1, 3, $1, $1)`,
      [START],
    );

    expect(await runMaintenance(START)).toMatchObject([{ level: 50, dead: { issue_job: 1 } }]);
  });
});

describe('the cron that warns about linked pull requests', () => {
  async function aBatch(): Promise<void> {
    const { db } = configured;
    await db.query(
      `insert into batch (id, project_id, target_id, label, blocked, created_at) values (1, 1, 2, 'l', 'waits', $1)`,
      [START],
    );
    const insert = `insert into pull_request (repository_id, number, title, base, target_id, head, label, head_label,
        opened_at, github_updated_at, state_since, batch_id, state, status, approved_by_id, approved_sha)
      values ($1, 7, 't', 'master', 2, 'h', 'l', 'l', $2, $2, $2, 1, $3, 'success', $4, $5)`;
    await db.query(`insert into person (id, login) values (1, 'rita')`);
    await db.query(insert, [1, START, 'ready', 1, 'h']);
    await db.query(insert, [2, START, 'validated', null, null]);
  }

  const warn = async (now: Date) => {
    const { run } = await openHandRun(configured.db, 'linked-warnings', { now: () => now });
    await warnLinked(run);
    const rows = await configured.db.query<{ key: string; text: string }[]>(
      `select key, payload ->> 'text' as text from feedback`,
    );
    return rows;
  };

  it('asks to be woken when the patience of a batch ends, once', async () => {
    await aBatch();

    expect(await warn(after(1))).toEqual([]);
    expect(await warn(after(2))).toEqual([]);

    expect(
      await configured.db.query(`select cron, run_at from cron_trigger where subject = 'batch:1'`),
    ).toEqual([{ cron: 'linked-warnings', run_at: after(10) }]);
  });

  it('tells the ready pull request, and only once', async () => {
    await aBatch();

    expect(await warn(after(10))).toEqual([
      { key: 'linked/acme/app#7', text: expect.stringContaining('acme/web#7 waits for a review') },
    ]);
    expect(await warn(after(20))).toHaveLength(1);
  });
});
