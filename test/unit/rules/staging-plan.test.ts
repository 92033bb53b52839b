import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareQueued, PRIORITIES } from '../../../src/rules/queue.ts';
import type { Priority, QueuedBatch } from '../../../src/rules/queue.ts';
import { chooseBatches, orderSplits } from '../../../src/rules/staging-plan.ts';
import type { StagingMode, StagingPlan } from '../../../src/rules/staging-plan.ts';
import { split } from '../../../src/rules/split.ts';

function batch(id: number, priority: Priority = 'default', minute = id): QueuedBatch {
  return { id, priority, unblockedAt: new Date(minute * 60_000) };
}

function ids(plan: StagingPlan<QueuedBatch>): number[] {
  return plan.kind === 'nothing' ? [] : plan.batches.map((one) => one.id);
}

const anyBatch = fc.record({
  id: fc.integer({ min: 1, max: 1_000 }),
  priority: fc.constantFrom(...PRIORITIES),
  unblockedAt: fc.option(fc.integer({ min: 0, max: 5 }).map((minute) => new Date(minute))),
});
const anyQueue = fc.uniqueArray(anyBatch, { selector: (one) => one.id, maxLength: 12 });

describe('the order of the queue', () => {
  it('is by priority, then by the time of becoming ready, then by id', () => {
    const queue = [
      batch(1, 'nice'),
      batch(2, 'default', 9),
      batch(3, 'default', 8),
      batch(4, 'priority', 99),
      batch(5, 'default', 8),
    ];
    expect(queue.sort(compareQueued).map((one) => one.id)).toEqual([4, 3, 5, 2, 1]);
  });

  it('is total: two different batches are never equal, and order is kept through a third', () => {
    fc.assert(
      fc.property(anyBatch, anyBatch, anyBatch, (a, b, c) => {
        const ab = Math.sign(compareQueued(a, b));
        expect(Math.sign(compareQueued(b, a))).toBe(ab === 0 ? 0 : -ab);
        if (a.id !== b.id) expect(ab).not.toBe(0);
        if (ab < 0 && compareQueued(b, c) < 0) expect(compareQueued(a, c)).toBeLessThan(0);
      }),
    );
  });
});

describe('the choice of batches', () => {
  it.each<[StagingMode, number, number[]]>([
    ['default', 2, [0]],
    ['default', 3, [0, 1]],
    ['largest', 3, [0, 1]],
    ['largest', 2, [2, 3]],
    ['ready', 3, [3]],
    ['ready', 2, [2, 3]],
  ])(
    'in mode %s with %i of 4 in the failed staging is as in check 17',
    (mode, failed, expected) => {
      const all = [0, 1, 2, 3].map((id) => batch(id));
      const splits = split(all.slice(0, failed)).map((batches, id) => ({ id, batches }));
      expect(ids(chooseBatches({ ready: all.slice(failed), splits, mode, limit: 8 }))).toEqual(
        expected,
      );
    },
  );

  it('in mode largest favours the split in a tie', () => {
    const splits = [{ id: 7, batches: [batch(1)] }];
    const plan = chooseBatches({ ready: [batch(2)], splits, mode: 'largest', limit: 8 });
    expect(plan).toMatchObject({ kind: 'split', split: 7 });
  });

  it('takes alone batches by themselves, before splits', () => {
    const splits = [{ id: 1, batches: [batch(1)] }];
    const ready = [batch(2), batch(3, 'alone')];
    expect(chooseBatches({ ready, splits, mode: 'default', limit: 8 })).toMatchObject({
      kind: 'ready',
    });
    expect(ids(chooseBatches({ ready, splits, mode: 'default', limit: 8 }))).toEqual([3]);
  });

  it('does not let an alone batch within a split jump the queue', () => {
    const splits = [{ id: 1, batches: [batch(1), batch(2, 'alone')] }];
    expect(chooseBatches({ ready: [], splits, mode: 'default', limit: 8 })).toMatchObject({
      kind: 'split',
      split: 1,
    });
  });

  it('keeps the candidates beyond the limit, in order, for those that cannot be merged', () => {
    const ready = [batch(1), batch(2), batch(3, 'priority'), batch(4, 'priority')];
    const plan = chooseBatches({ ready, splits: [], mode: 'default', limit: 3 });
    expect(plan).toMatchObject({ limit: 3 });
    expect(ids(plan)).toEqual([3, 4, 1, 2]);
  });

  it('passes over splits without batches', () => {
    expect(
      chooseBatches({ ready: [], splits: [{ id: 1, batches: [] }], mode: 'default', limit: 8 })
        .kind,
    ).toBe('nothing');
  });

  it('stages only batches it was given, each once, and something whenever there is anything', () => {
    const modes = fc.constantFrom<StagingMode>('default', 'largest', 'ready');
    fc.assert(
      fc.property(anyQueue, fc.nat(12), modes, (queue, cut, mode) => {
        const ready = queue.slice(cut);
        const splits = split(queue.slice(0, cut)).map((batches, id) => ({ id, batches }));
        const chosen = ids(chooseBatches({ ready, splits, mode, limit: 4 }));
        expect(new Set(chosen).size).toBe(chosen.length);
        expect(queue.map((one) => one.id)).toEqual(expect.arrayContaining(chosen));
        expect(chosen.length > 0).toBe(queue.length > 0);
      }),
    );
  });
});

describe('the order of splits', () => {
  const splits = [
    { id: 1, stagingId: 10 },
    { id: 2, stagingId: 10 },
    { id: 3, stagingId: 11 },
    { id: 4, stagingId: 11 },
  ];

  it('is that of their making, or depth first that of the newest failed staging', () => {
    const ids = (depthFirst: boolean) => orderSplits(splits, depthFirst).map((one) => one.id);
    expect(ids(false)).toEqual([1, 2, 3, 4]);
    expect(ids(true)).toEqual([3, 4, 1, 2]);
  });

  it('loses and doubles none', () => {
    const anySplits = fc.uniqueArray(fc.record({ id: fc.nat(), stagingId: fc.nat(5) }), {
      selector: (one) => one.id,
    });
    fc.assert(
      fc.property(anySplits, fc.boolean(), (some, depthFirst) => {
        const ids = orderSplits(some, depthFirst).map((one) => one.id);
        expect(ids.toSorted()).toEqual(some.map((one) => one.id).toSorted());
      }),
    );
  });
});
