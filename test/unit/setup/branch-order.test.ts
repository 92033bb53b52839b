import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { orderBranches } from '../../../src/setup/branch-order.ts';

const names = fc.uniqueArray(fc.constantFrom('15', '16', '17', '18', '19', 'master'));

describe('the order of branches', () => {
  it('is that of the list', () => {
    expect(orderBranches(['17', '18', 'master'], [])).toEqual(['17', '18', 'master']);
  });

  it('keeps a retired branch behind the one it followed', () => {
    expect(orderBranches(['16', '18', 'master'], ['16', '17', '18', 'master'])).toEqual([
      '16',
      '17',
      '18',
      'master',
    ]);
  });

  it('keeps retired branches in front that nothing listed came before', () => {
    expect(orderBranches(['18', 'master'], ['16', '17', '18', 'master'])).toEqual([
      '16',
      '17',
      '18',
      'master',
    ]);
  });

  it('holds every branch once, the listed ones in their order, and does not change when done again', () => {
    fc.assert(
      fc.property(names, names, (listed, known) => {
        const order = orderBranches(listed, known);

        expect([...order].sort()).toEqual([...new Set([...listed, ...known])].sort());
        expect(order.filter((name) => (listed as readonly string[]).includes(name))).toEqual(
          listed,
        );
        expect(orderBranches(listed, order)).toEqual(order);
      }),
    );
  });
});
