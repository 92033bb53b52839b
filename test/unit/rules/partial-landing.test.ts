import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { placeBatches, undoMessage } from '../../../src/rules/partial-landing.ts';

const anyPulls = fc.array(
  fc.record({ batchId: fc.integer({ min: 1, max: 6 }), landed: fc.boolean() }),
  { maxLength: 30 },
);

describe('a landing that stopped half-way', () => {
  it.each<[boolean[], string]>([
    [[true], 'landed'],
    [[true, true], 'landed'],
    [[false], 'outside'],
    [[false, false], 'outside'],
    [[true, false], 'straddling'],
    [[false, true, true], 'straddling'],
  ])('has with the pull requests %j a batch that is %s', (landed, place) => {
    const pulls = landed.map((one) => ({ batchId: 7, landed: one }));
    expect([...placeBatches(pulls)]).toEqual([[7, place]]);
  });

  it('places every batch once, and each by its own pull requests alone', () => {
    fc.assert(
      fc.property(anyPulls, (pulls) => {
        const places = placeBatches(pulls);
        expect([...places.keys()]).toEqual([...new Set(pulls.map((one) => one.batchId))]);
        for (const [batchId, place] of places) {
          const own = pulls.filter((one) => one.batchId === batchId);
          expect([...placeBatches(own)]).toEqual([[batchId, place]]);
          expect(place === 'landed').toBe(own.every((one) => one.landed));
          expect(place === 'outside').toBe(own.every((one) => !one.landed));
        }
      }),
    );
  });

  it('is undone by a commit that names what it was and what was missing', () => {
    const missing = ['acme/web#2', 'acme/lib#3'];
    const text = undoMessage({ name: 'acme/app#1', title: 'Add a door', sha: 'abc', missing });
    expect(text).toBe(
      [
        'Revert "Add a door"',
        'It landed as abc, but what belongs together with it could not:\nacme/web#2, acme/lib#3.',
        'Part-of: acme/app#1',
      ].join('\n\n'),
    );
  });
});
