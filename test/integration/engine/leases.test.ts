import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Run } from '../../../src/world.ts';
import { takeDue } from '../../../src/crons/lease.ts';
import { aLongRun, anEngine, anEvent, type Engine } from './an-engine.ts';

let engine: Engine;
beforeEach(async () => {
  engine = await anEngine();
});
afterEach(async () => {
  await engine[Symbol.asyncDispose]();
});

/** As if the process that holds the lease had been stopped for long. */
const expireLeases = () =>
  engine.db.query(
    `update cron set lease_until = clock_timestamp() - interval '1 second' where lease_until is not null`,
  );

const note = (run: Run, text: string) =>
  run.transaction((tx) => tx.query('update project set bot = $1', [text]));

const noted = async () => {
  const rows = await engine.db.query<{ bot: string }[]>('select bot from project');
  return rows[0]?.bot;
};

describe('two processes on one database', () => {
  it('run a cron once at a time (R5)', async () => {
    let theirs = 0;
    const other = engine.runner({ deliveries: () => Promise.resolve(void (theirs += 1)) });
    const ours = await aLongRun(engine);
    await other.runDue();
    await ours.end();

    expect([ours.count(), theirs]).toEqual([1, 0]);
    expect(await engine.wakes()).toEqual([]);
  });

  it('run different crons at the same time', async () => {
    let issues = 0;
    const other = engine.runner({ issues: () => Promise.resolve(void (issues += 1)) });
    const ours = await aLongRun(engine);
    await engine.queue(1);
    await other.runDue();
    await ours.end();

    expect(issues).toBe(1);
  });
});

describe('a process whose lease was taken', () => {
  it('writes nothing more, and its end does not touch what the other one does', async () => {
    const [begun, mayWrite] = [anEvent(), anEvent()];
    const late = engine.runner({
      deliveries: async (run) => {
        begun.happens();
        await mayWrite.happened;
        expect(await run.mayGoOn()).toBe(false);
        await note(run, 'written by the deposed one');
      },
    });
    const next = engine.runner({ deliveries: (run) => note(run, 'written by its successor') });
    await engine.deliver();
    const running = late.runDue();
    await begun.happened;
    await expireLeases();
    await next.runDue();
    await engine.deliver();
    mayWrite.happens();
    await running;

    expect(await noted()).toBe('written by its successor');
    expect(await engine.wakes('deliveries')).toHaveLength(1);
    expect(engine.alarms).toEqual(['another process has taken over']);
  });

  it('cannot be one while it is inside a transaction: who wants the cron waits for its end', async () => {
    const [inside, mayCommit] = [anEvent(), anEvent()];
    const late = engine.runner({
      deliveries: (run) =>
        run.transaction(async () => {
          inside.happens();
          await mayCommit.happened;
        }),
    });
    const row = `select 1 from cron where name = 'deliveries' for no key update nowait`; // the lock of an update
    await engine.deliver();
    const running = late.runDue();
    await inside.happened;
    await expect(engine.db.query(row)).rejects.toThrow('could not obtain lock');
    mayCommit.happens();
    await running;

    expect(await engine.db.query(row)).toHaveLength(1);
  });

  it('repeats nothing that was answered: every lease has an epoch of its own', async () => {
    const epochs: unknown[] = [];
    const body = async (run: Run) => {
      epochs.push(
        ...(await run.world.db.query<unknown[]>(
          `select epoch::int from cron where name = 'deliveries'`,
        )),
      );
    };
    for (const runner of [
      engine.runner({ deliveries: body }),
      engine.runner({ deliveries: body }),
    ]) {
      await engine.deliver();
      await runner.runDue();
    }

    expect(epochs).toEqual([{ epoch: 1 }, { epoch: 2 }]);
  });

  it('takes at once what it holds itself by an answer that was lost, and nobody else does', async () => {
    await engine.deliver();
    const take = (owner: string) => takeDue(engine.db, 'deliveries', { owner, now: engine.now() });

    const first = await take('one');
    expect(first).toMatchObject({ kind: 'taken' });
    expect(await take('other')).toMatchObject({ kind: 'held' });
    expect(await take('one')).toMatchObject({ kind: 'taken' });
  });
});
