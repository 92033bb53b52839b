import { describe, expect, it } from '@jest/globals';
import { type OwedFacts, settleOwed } from '../../../src/rules/owed-port.ts';

const facts: OwedFacts = { before: 'merged', beforeIsActive: true, later: null, contained: false };

const TABLE: readonly (readonly [string, Partial<OwedFacts>, string])[] = [
  ['an ended chain whose branch lacks the change', {}, 'port'],
  ['an ended chain whose branch was made with the change', { contained: true }, 'contained'],
  ['a chain that waits at its tip', { before: 'open' }, 'wait'],
  ['a chain that waits on a disabled branch', { before: 'open', beforeIsActive: false }, 'port'],
  ['a chain that was closed', { before: 'closed' }, 'chain-closed'],
  ['a chain that runs behind the branch', { before: 'open', later: 'open' }, 'port'],
  [
    'a chain that runs behind the branch, from a merged port',
    { later: 'open', contained: true },
    'port',
  ],
  ['a chain closed behind the branch', { before: 'open', later: 'closed' }, 'chain-closed'],
  ['a chain merged behind a branch that lacks it', { later: 'merged' }, 'port'],
  [
    'a chain merged behind a branch cut after it',
    { later: 'merged', contained: true },
    'contained',
  ],
];

describe('a debt of ports', () => {
  it.each(TABLE)('is settled for %s', (_, given, expected) => {
    const settlement = settleOwed({ ...facts, ...given });
    expect(settlement.kind === 'reason' ? settlement.reason : settlement.kind).toBe(expected);
  });
});
