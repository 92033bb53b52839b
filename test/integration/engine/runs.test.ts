import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Run } from '../../../src/world.ts';
import { anEngine, anEvent, type Engine } from './an-engine.ts';

const SECOND_MS = 1000;

let engine: Engine;
beforeEach(async () => {
  engine = await anEngine();
});
afterEach(async () => {
  await engine[Symbol.asyncDispose]();
});

const record = async () => {
  const rows = await engine.db.query<Record<string, unknown>[]>(
    `select failures, last_error, succeeded_at, failed_at, lease_until, epoch from cron where name = 'deliveries'`,
  );
  return rows[0];
};

describe('a run', () => {
  it('answers the wakes that were there when it began, and writes that down', async () => {
    let runs = 0;
    const runner = engine.runner({ deliveries: () => Promise.resolve(void (runs += 1)) });
    await engine.deliver();
    await engine.deliver();

    expect(await runner.runDue()).toBe(1);
    expect(await runner.runDue()).toBe(0);
    expect(runs).toBe(1);
    expect(await record()).toMatchObject({
      failures: 0,
      succeeded_at: engine.now(),
      lease_until: null,
      epoch: '1',
    });
  });

  it('that is rung meanwhile means one more run, and only one', async () => {
    let runs = 0;
    const runner = engine.runner({
      deliveries: async () => {
        runs += 1;
        if (runs > 1) return;
        for (let ring = 0; ring < 3; ring += 1) {
          await engine.deliver();
          runner.kick('deliveries'); // what the listener does
        }
      },
    });
    await engine.deliver();
    await runner.runDue();

    expect(runs).toBe(2);
    expect(await engine.wakes()).toEqual([]);
  });

  it('that nobody kicked leaves the wake that came meanwhile', async () => {
    let runs = 0;
    const runner = engine.runner({
      deliveries: async () => {
        runs += 1;
        if (runs === 1) await engine.deliver();
      },
    });
    await engine.deliver();
    await runner.runDue();

    expect(await engine.wakes('deliveries')).toHaveLength(1);
    await runner.runDue();
    expect(runs).toBe(2);
  });

  it('without a wake does not happen: a kick alone is only a hint', async () => {
    let runs = 0;
    const runner = engine.runner({ merge: () => Promise.resolve(void (runs += 1)) });
    runner.kick('merge');
    await runner.stop();

    expect(runs).toBe(0);
  });
});

describe('a cron that throws', () => {
  it('is run again after a pause that doubles, and keeps one wake for it (F-109)', async () => {
    let runs = 0;
    const runner = engine.runner({
      deliveries: () => {
        runs += 1;
        return Promise.reject(new Error('the disk is full'));
      },
    });
    await engine.deliver();
    const pauses = [];
    for (let failed = 0; failed < 3; failed += 1) {
      await runner.runDue();
      const [wake, ...more] = await engine.wakes('deliveries');
      expect(more).toEqual([]);
      const pauseMs = new Date(wake?.at ?? 0).getTime() - engine.now().getTime();
      pauses.push(pauseMs / SECOND_MS);
      engine.advance(pauseMs);
    }

    expect(pauses).toEqual([5, 10, 20]);
    expect(runs).toBe(3);
    expect(await record()).toMatchObject({ failures: 3, last_error: 'the disk is full' });
    expect(engine.alarms).toEqual(Array(3).fill('cron failed, will be run again'));
  });

  it('keeps one wake for its retry also when it is rung again and again', async () => {
    const runner = engine.runner({ deliveries: () => Promise.reject(new Error('no')) });
    for (let ring = 0; ring < 4; ring += 1) {
      await engine.deliver();
      await runner.runDue();
      engine.advance(1000);
    }

    expect(await engine.wakes('deliveries')).toEqual([
      expect.objectContaining({ subject: 'retry' }),
    ]);
  });

  it('stands as if nothing had been once it succeeds', async () => {
    let broken = true;
    const runner = engine.runner({
      deliveries: () => (broken ? Promise.reject(new Error('no')) : Promise.resolve()),
    });
    await engine.deliver();
    await runner.runDue();
    broken = false;
    await engine.deliver();
    await runner.runDue();

    expect(await record()).toMatchObject({ failures: 0, last_error: null });
    expect(await engine.wakes()).toEqual([]);
  });
});

describe('a cron that is switched off', () => {
  it('does not run, loses nothing, and runs at once when it is on again (R3)', async () => {
    let runs = 0;
    const runner = engine.runner({ deliveries: () => Promise.resolve(void (runs += 1)) });
    await engine.switch('deliveries', false);
    await engine.deliver();
    const ran = await runner.runDue();
    runner.kick('deliveries');
    await runner.runDue();

    expect([ran, runs]).toEqual([0, 0]);
    expect(await engine.wakes('deliveries')).toHaveLength(1);
    await engine.switch('deliveries', true);
    await runner.runDue();
    expect(runs).toBe(1);
  });

  it('stops between two items, and keeps the wake for the ones left', async () => {
    const done: number[] = [];
    const items = async (run: Run) => {
      for (const item of [1, 2, 3]) {
        if (!(await run.mayGoOn())) return;
        done.push(item);
        if (item === 2) await engine.switch('deliveries', false);
      }
    };
    const runner = engine.runner({ deliveries: items });
    await engine.deliver();
    await runner.runDue();

    expect(done).toEqual([1, 2]);
    expect(await engine.wakes('deliveries')).toHaveLength(1);
    await engine.switch('deliveries', true);
    await runner.runDue();
    expect(done).toEqual([1, 2, 1, 2]);
  });

  it('stops no other', async () => {
    const ran: string[] = [];
    const runner = engine.runner({
      issues: () => Promise.resolve(void ran.push('issues')),
      deliveries: () => Promise.resolve(void ran.push('deliveries')),
    });
    await engine.switch('deliveries', false);
    await engine.deliver();
    await engine.queue(7);
    await runner.runDue();

    expect(ran).toEqual(['issues']);
  });
});

describe('stopping', () => {
  it('lets the item under way finish, starts no other, and keeps the wake', async () => {
    const [begun, mayEnd] = [anEvent(), anEvent()];
    const done: string[] = [];
    const runner = engine.runner({
      deliveries: async (run) => {
        begun.happens();
        await mayEnd.happened;
        done.push('first');
        if (await run.mayGoOn()) done.push('second');
      },
    });
    await engine.deliver();
    runner.kick('deliveries');
    await begun.happened;
    const stopped = runner.stop();
    mayEnd.happens();
    await stopped;

    expect(done).toEqual(['first']);
    expect(await engine.wakes('deliveries')).toHaveLength(1);
    expect(await record()).toMatchObject({ lease_until: null });
  });

  it('keeps the wake of a retry too, when the retry is what it cuts short (R1)', async () => {
    let runner = engine.runner({ deliveries: () => Promise.reject(new Error('no')) });
    await engine.deliver();
    await runner.runDue();
    const [begun, mayEnd] = [anEvent(), anEvent()];
    runner = engine.runner({
      deliveries: async () => {
        begun.happens();
        await mayEnd.happened;
      },
    });
    engine.advance(5 * SECOND_MS);
    runner.kick('deliveries');
    await begun.happened;
    const stopped = runner.stop();
    mayEnd.happens();
    await stopped;

    expect(await engine.wakes('deliveries')).toHaveLength(1);
  });
});
