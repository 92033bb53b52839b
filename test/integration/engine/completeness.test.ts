import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CRON_NAMES } from '../../../src/triggers/names.ts';
import { installBells } from '../../../src/triggers/install.ts';
import { anEngine, type Engine } from './an-engine.ts';
import type { Work } from './completeness/work.ts';
import { type Happening, Play } from './completeness/world.ts';
import { PATHS } from './completeness/writer.ts';
import { WRITES } from './completeness/writes.ts';

let engine: Engine;
let play: Play;
beforeAll(async () => {
  engine = await anEngine({ lockTimeoutMs: 100 });
  play = await Play.over(engine);
});
afterAll(async () => {
  await play[Symbol.asyncDispose]();
  await engine[Symbol.asyncDispose]();
});

const writer = fc.integer({ min: 0, max: 2 });
const write = fc.oneof(
  ...WRITES.map(({ weight }, index) => ({ weight, arbitrary: fc.constant(index) })),
);
const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 60,
    arbitrary: fc.record({
      kind: fc.constant('write' as const),
      writer,
      write,
      n: fc.nat({ max: 7 }),
      path: fc.constantFrom(...PATHS),
    }),
  },
  {
    weight: 14,
    arbitrary: fc.record({
      kind: fc.constantFrom('begin', 'commit', 'rollback', 'savepoint', 'back'),
      writer,
    }),
  },
  { weight: 14, arbitrary: fc.record({ kind: fc.constant('run' as const) }) },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes: fc.nat({ max: 30 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('switch' as const),
      cron: fc.constantFrom(...CRON_NAMES),
      to: fc.constantFrom('on', 'on', 'off', 'off for a while'),
    }),
  },
);
const sequence = fc.array(happening, { minLength: 60, maxLength: 90, size: 'max' });
const SEED = 20_261_121;
const RUNS = 28;

describe('the bells are complete (R1)', () => {
  it('after each commit, whatever was written by whom and how, what is to be done has a wake in time', async () => {
    const sum = { writes: 0, idle: {} as Record<string, number> };
    await fc.assert(
      fc.asyncProperty(sequence, async (happenings) => {
        const told = await play.tell(happenings);
        sum.writes += told.writes;
        for (const [cron, wakes] of Object.entries(told.idle))
          sum.idle[cron] = (sum.idle[cron] ?? 0) + wakes;
        expect(told.missed).toEqual([]);
      }),
      { seed: SEED, numRuns: RUNS, endOnFailure: true },
    );

    const idle = Object.values(sum.idle).reduce((one, other) => one + other, 0);
    expect(sum.writes).toBeGreaterThan(500);
    expect(idle).toBeLessThan(sum.writes / 10);
  });

  it.each([
    ['wake_feedback_on_insert', 'feedback', 'feedback'],
    ['due_staging_timeout_at_insert', 'staging', 'merge'],
    ['wake_staging_on_active', 'staging', 'staging'],
  ])('and without the bell %s the same sequences miss some work', async (bell, table, cron) => {
    await engine.db.query(['drop trigger', bell, 'on', table].join(' '));
    try {
      let missed: readonly Work[] = [];
      for (const happenings of fc.sample(sequence, { seed: SEED, numRuns: RUNS })) {
        ({ missed } = await play.tell(happenings));
        if (missed.length > 0) break;
      }
      expect(new Set(missed.map((work) => work.cron))).toEqual(new Set([cron]));
    } finally {
      await engine.db.query(`comment on function ring_cron() is 'incomplete'`);
      await engine.db.transaction(installBells);
    }
  });
});
