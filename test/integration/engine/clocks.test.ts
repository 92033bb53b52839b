import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { dueCrons, nextDeadline, wakeAt } from '../../../src/triggers/inbox.ts';
import { aLongRun, anEngine, type Engine } from './an-engine.ts';

const HOUR_MS = 3_600_000;

let engine: Engine;
beforeEach(async () => {
  engine = await anEngine();
});
afterEach(async () => {
  await engine[Symbol.asyncDispose]();
});

const inHours = (hours: number) => new Date(engine.now().getTime() + hours * HOUR_MS);
const due = () => dueCrons(engine.db.manager, engine.now());

describe('a clock that jumps (F-116)', () => {
  it('back: what is written is still due at once, and a deadline keeps its time', async () => {
    const at = inHours(1);
    await wakeAt(engine.db.manager, 'merge', { subject: 'staging:1', at });
    engine.advance(-HOUR_MS);
    await engine.deliver();

    expect(await due()).toEqual(['deliveries']);
    expect(await nextDeadline(engine.db.manager, engine.now())).toEqual(at);
  });

  it('forward: a running cron is not taken from its process, since leases go by the clock of the database', async () => {
    let theirs = 0;
    const other = engine.runner({ deliveries: () => Promise.resolve(void (theirs += 1)) });
    const ours = await aLongRun(engine);
    engine.advance(24 * HOUR_MS);
    await engine.deliver();
    await other.runDue();
    await ours.end();

    expect([ours.count(), theirs]).toEqual([1, 0]);
    expect(await engine.wakes('deliveries')).toHaveLength(1);
  });
});

describe('ticks (F-111)', () => {
  it('that were missed while nobody ran are one run, however many they were', async () => {
    let runs = 0;
    for (const hours of [1, 2, 3])
      await wakeAt(engine.db.manager, 'merge', { subject: `staging:${hours}`, at: inHours(hours) });
    engine.advance(30 * 24 * HOUR_MS);
    await engine.runner({ merge: () => Promise.resolve(void (runs += 1)) }).runDue();

    expect(runs).toBe(1);
    expect(await engine.wakes()).toEqual([]);
  });
});
