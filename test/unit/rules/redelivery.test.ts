import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type DeliveryAttempt, lostDeliveries } from '../../../src/rules/redelivery.ts';

const tried = (id: number, guid: string, ok = false): DeliveryAttempt => ({
  ...{ id: String(id), guid, ok },
  at: new Date(1_700_000_000_000 + id * 1_000),
});
const NONE: ReadonlySet<string> = new Set();

describe('what GitHub is asked to deliver again', () => {
  it.each<[string, DeliveryAttempt[], number[]]>([
    ['nothing that arrived', [tried(1, 'a', true)], []],
    ['what failed, oldest first', [tried(3, 'b'), tried(1, 'a'), tried(2, 'c', true)], [1, 3]],
    ['nothing that a later try brought', [tried(1, 'a'), tried(2, 'a', true)], []],
    ['the newest try of what failed again', [tried(1, 'a'), tried(2, 'b'), tried(5, 'a')], [5, 2]],
    ['nothing that failed five times', [1, 2, 3, 4, 5].map((id) => tried(id, 'a')), []],
  ])('is %s', (_what, attempts, expected) => {
    expect(lostDeliveries(attempts, NONE)).toEqual(expected.map(String));
  });

  it('is nothing that was stored although GitHub did not hear so', () => {
    expect(lostDeliveries([tried(1, 'a'), tried(2, 'b')], new Set(['a']))).toEqual(['2']);
  });

  it('is each webhook once, in whatever order the list comes', () => {
    const attempts = fc.uniqueArray(
      fc.record({ id: fc.nat(999), guid: fc.constantFrom('a', 'b', 'c', 'd'), ok: fc.boolean() }),
      { selector: (one) => one.id, maxLength: 12 },
    );
    fc.assert(
      fc.property(attempts, (list) => {
        const all = list.map(({ id, guid, ok }) => tried(id, guid, ok));
        const lost = lostDeliveries(all, NONE);
        const guids = lost.map((id) => list.find((one) => String(one.id) === id)?.guid);
        expect(new Set(guids).size).toBe(lost.length);
        expect(lostDeliveries(all.toReversed(), NONE)).toEqual(lost);
      }),
    );
  });
});
