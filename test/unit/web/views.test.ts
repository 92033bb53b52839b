import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { QueuedBatch } from '../../../src/web/queries/board.ts';
import { arrangeBoard } from '../../../src/web/views/dashboard-model.ts';
import { formatWhen } from '../../../src/web/views/time.ts';
import { pullLabel, SHAPES, stagingLabel, statusLabel } from '../../../src/web/views/tone.ts';

describe('formatWhen', () => {
  it.each([
    ['2026-05-04T07:59:48Z', '12 s ago'],
    ['2026-05-04T07:58:01Z', '1 min ago'],
    ['2026-05-04T05:00:00Z', '3 h ago'],
    ['2026-05-01T08:00:00Z', '3 d ago'],
    ['2026-05-04T08:00:00Z', '0 s ago'],
    ['2026-05-04T08:30:00Z', 'in 30 min'],
    ['2026-05-06T09:00:00Z', 'in 2 d'],
  ])('says %s as %s', (then, words) => {
    expect(formatWhen(new Date(then), new Date('2026-05-04T08:00:00Z'))).toBe(words);
  });
});

describe('labels', () => {
  it('have a word and a shape for whatever is shown, so that no colour stands alone', () => {
    const labels = [
      stagingLabel({ state: 'pending', active: true }),
      stagingLabel({ state: 'success', active: true }),
      stagingLabel({ state: 'partial', active: false }),
      pullLabel({ state: 'ready', draft: true }),
      pullLabel({ state: 'merged', draft: true }),
      statusLabel('absent'),
      statusLabel('timed_out'),
    ];
    expect(labels.map(({ tone, word }) => `${SHAPES[tone]} ${word}`)).toEqual([
      '◐ running',
      '✓ landing',
      '✕ half landed',
      '○ draft',
      '● merged',
      '○ no word yet',
      '! timed out',
    ]);
  });
});

const project = { id: 1, name: 'acme', stagingEnabled: true, frozen: false, repositories: [] };
const branch = {
  id: 9,
  projectId: 1,
  name: 'master',
  active: true,
  stagingEnabled: true,
  ports: 0,
};
const anyBatch: fc.Arbitrary<QueuedBatch> = fc.record({
  id: fc.nat(),
  branchId: fc.constant(9),
  label: fc.constant('alice:x'),
  priority: fc.constantFrom('nice', 'default', 'priority', 'alone'),
  blocked: fc.option(fc.constant('it waits'), { nil: null }),
  unblockedAt: fc.option(fc.date({ noInvalidDate: true }), { nil: null }),
  splitId: fc.option(fc.integer({ min: 1, max: 3 }), { nil: null }),
  splitOf: fc.constant(5),
  failed: fc.boolean(),
  error: fc.constant(null),
  pulls: fc.constant([]),
});

describe('arrangeBoard', () => {
  it('puts every batch into exactly one place', () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyBatch, { selector: ({ id }) => id }), (queued) => {
        const facts = { projects: [project], branches: [branch], running: [], ended: [], queued };
        const board = arrangeBoard(facts)[0]!.boards[0]!;
        const places = [
          board.waiting,
          board.blocked,
          board.failed,
          ...board.splits.map((split) => split.batches),
        ];
        const ids = places.flat().map(({ id }) => id);
        expect(ids.sort()).toEqual(queued.map(({ id }) => id).sort());
      }),
    );
  });

  it('lists what waits in the order in which it will be staged', () => {
    const batch = (id: number, priority: QueuedBatch['priority'], at: string): QueuedBatch => ({
      ...{ id, branchId: 9, label: '', priority, blocked: null, unblockedAt: new Date(at) },
      ...{ splitId: null, splitOf: null, failed: false, error: null, pulls: [] },
    });
    const queued = [
      batch(1, 'default', '2026-05-04T08:00:00Z'),
      batch(2, 'default', '2026-05-04T07:00:00Z'),
      batch(3, 'alone', '2026-05-04T09:00:00Z'),
    ];
    const facts = { projects: [project], branches: [branch], running: [], ended: [], queued };
    expect(arrangeBoard(facts)[0]!.boards[0]!.waiting.map(({ id }) => id)).toEqual([3, 2, 1]);
  });
});
