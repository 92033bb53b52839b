import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { drain } from '../../../src/crons/drain.ts';
import { IssueJob } from '../../../src/models/queues.ts';
import { deleteWakes, dueCrons, nextDeadline, wakeAt } from '../../../src/triggers/inbox.ts';
import { anEngine, type Engine } from './an-engine.ts';

let engine: Engine;
beforeEach(async () => {
  engine = await anEngine();
});
afterEach(async () => {
  await engine[Symbol.asyncDispose]();
});

const crons = () => dueCrons(engine.db.manager, engine.now());

describe('a write', () => {
  it('rings its cron when it is committed, and not before', async () => {
    const writer = engine.db.createQueryRunner();
    await writer.startTransaction();
    await engine.deliver(writer);
    const before = await crons();
    await writer.commitTransaction();
    await writer.release();

    expect(before).toEqual([]);
    expect(await crons()).toEqual(['deliveries']);
  });

  it('rings nothing when it is rolled back', async () => {
    const writer = engine.db.createQueryRunner();
    await writer.startTransaction();
    await engine.deliver(writer);
    await writer.rollbackTransaction();
    await writer.release();

    expect(await engine.wakes()).toEqual([]);
  });

  it('rings once a transaction, however many rows it writes', async () => {
    await engine.db.transaction(async (tx) => {
      for (let n = 0; n < 50; n += 1) await engine.deliver(tx);
    });

    expect(await engine.wakes('deliveries')).toHaveLength(1);
  });

  it('rings from any client, as an operator at a prompt would write it', async () => {
    const operator = new pg.Client({ connectionString: engine.url });
    await operator.connect();
    await operator.query(`update branch set active = false; update branch set active = true`);
    await operator.end();

    expect(await crons()).toEqual(expect.arrayContaining(['staging', 'forwardport']));
  });

  it('rings nothing when it changes nothing that matters', async () => {
    await engine.db.query('update branch set staging_enabled = staging_enabled');
    await engine.db.query(`update branch set on_fail = 'join'`);

    expect(await engine.wakes()).toEqual([]);
  });
});

describe('two open transactions', () => {
  it('ring the same cron, and neither waits for the other nor hides its wake (R1)', async () => {
    const [slow, quick] = [engine.db.createQueryRunner(), engine.db.createQueryRunner()];
    await slow.startTransaction();
    await engine.deliver(slow);
    await quick.startTransaction();
    await quick.query(`set local lock_timeout = '500ms'`);
    await engine.deliver(quick);
    await quick.commitTransaction();

    const seen = await engine.db.query<Parameters<typeof deleteWakes>[1]>(
      `select cron, subject, run_at::text as "runAt", xact from cron_trigger`,
    );
    await deleteWakes(engine.db.manager, seen);
    const between = await crons();
    await slow.commitTransaction();
    await Promise.all([slow.release(), quick.release()]);

    expect(seen).toHaveLength(1);
    expect(between).toEqual([]);
    expect(await crons()).toEqual(['deliveries']);
  });
});

describe('an open transaction', () => {
  it('that has a row of a queue locked is not waited for, and the row is looked at again', async () => {
    const seen: number[] = [];
    const runner = engine.runner({
      issues: (run) =>
        drain(
          run,
          { table: 'issue_job', entity: IssueJob, maxAttempts: 3, delayMs: () => 60_000 },
          (row, finish) => {
            seen.push(row.number);
            return finish();
          },
        ),
    });
    for (const number of [1, 2]) await engine.queue(number);
    const operator = engine.db.createQueryRunner();
    await operator.startTransaction();
    await operator.query('select from issue_job where number = 1 for update');
    await runner.runDue();
    await operator.rollbackTransaction();
    await operator.release();
    const between = [...seen];
    engine.advance(5_000);
    await runner.runDue();

    expect(between).toEqual([2]);
    expect(seen).toEqual([2, 1]);
    expect(await engine.wakes('issues')).toEqual([]);
  });

  it('that moves a deadline does not hold up the run that answers it', async () => {
    await engine.db.query(
      `insert into staging (project_id, branch_id, staged_at, timeout_at) values (1, 1, $1, $1)`,
      [engine.now()],
    );
    const writer = engine.db.createQueryRunner();
    await writer.startTransaction();
    await writer.query(`update staging set timeout_at = timeout_at + interval '1 hour'`);
    const ran = await engine.runner({}).runDue();
    await writer.commitTransaction();
    await writer.release();

    expect(ran).toBe(1);
    expect(engine.alarms).toEqual([]);
    expect(await engine.wakes('merge')).toEqual([
      expect.objectContaining({ subject: 'staging:1', at: '2026-05-04 09:00:00+00' }),
    ]);
  });
});

describe('a deadline', () => {
  const stage = () =>
    engine.db.query(
      `insert into staging (project_id, branch_id, staged_at, timeout_at) values (1, 1, $1, $1)`,
      [engine.now()],
    );

  it('is one row, however often it moves: 143 times here (R2)', async () => {
    await stage();
    for (let minute = 1; minute <= 143; minute += 1) {
      await engine.db.query(`update staging set timeout_at = timeout_at + interval '1 minute'`);
    }

    const wakes = await engine.wakes('merge');
    expect(wakes).toEqual([expect.objectContaining({ cron: 'merge', subject: 'staging:1' })]);
    const next = await nextDeadline(engine.db.manager, engine.now());
    expect(next?.getTime()).toBe(engine.now().getTime() + 143 * 60_000);
  });

  it('goes when it no longer means anything, and when its row goes', async () => {
    await stage();
    await stage();
    await engine.db.query(`update staging set state = 'failure', active = false where id = 1`);
    const left = (await engine.wakes('merge')).filter(({ subject }) => subject !== '');
    await engine.db.query('delete from staging where id = 2');

    expect(left.map(({ subject }) => subject)).toEqual(['staging:2']);
    const timed = (await engine.wakes('merge')).filter(({ subject }) => subject !== '');
    expect(timed).toEqual([]);
  });

  it('that a caller plans is moved when planned again', async () => {
    for (const minutes of [5, 9, 2]) {
      const at = new Date(engine.now().getTime() + minutes * 60_000);
      await wakeAt(engine.db.manager, 'reminders', { subject: 'daily', at });
    }

    expect(await engine.wakes('reminders')).toHaveLength(1);
    engine.advance(2 * 60_000);
    expect(await crons()).toEqual(['reminders']);
  });
});
