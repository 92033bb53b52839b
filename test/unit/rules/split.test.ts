import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { culprit } from '../../../src/rules/culprit.ts';
import {
  clearsFalsePositive,
  mayBeFalsePositive,
  planUntested,
  redSetKey,
  split,
  splitsAfterCulprit,
} from '../../../src/rules/split.ts';
import type { ContextVerdict } from '../../../src/rules/status.ts';

const anyBatches = fc.uniqueArray(fc.nat(), { maxLength: 20 });

describe('a split', () => {
  it.each([
    [[1], [[1]]],
    [
      [1, 2],
      [[1], [2]],
    ],
    [
      [1, 2, 3],
      [[1, 2], [3]],
    ],
    [
      [1, 2, 3, 4],
      [
        [1, 2],
        [3, 4],
      ],
    ],
  ])('of %j has the larger half first', (batches, halves) => {
    expect(split(batches)).toEqual(halves);
  });

  it('loses, doubles and reorders no batch', () => {
    fc.assert(fc.property(anyBatches, (batches) => expect(split(batches).flat()).toEqual(batches)));
  });

  it('has halves that differ by one at most', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(), { minLength: 2 }), (batches) => {
        const [first = [], second = []] = split(batches);
        expect([0, 1]).toContain(first.length - second.length);
      }),
    );
  });
});

describe('the memory of red sets', () => {
  it('names a set whatever its order, and anew when a head or a base moves', () => {
    const one = { id: 1, content: ['a#1@x', 'b#2@y'] };
    const two = { id: 2, content: ['a#3@z'] };
    const key = redSetKey([one, two], { a: 'h', b: 'i' });
    expect(redSetKey([two, { id: 1, content: ['b#2@y', 'a#1@x'] }], { b: 'i', a: 'h' })).toBe(key);
    expect(redSetKey([one, two], { a: 'h2', b: 'i' })).not.toBe(key);
    expect(redSetKey([one, { id: 2, content: ['a#3@new'] }], { a: 'h', b: 'i' })).not.toBe(key);
  });

  it('never stages a set known to be red, and loses no batch', () => {
    const known = (part: readonly number[]): string => JSON.stringify(part);
    fc.assert(
      fc.property(anyBatches, fc.array(fc.tuple(fc.nat(20), fc.nat(20))), (batches, cuts) => {
        const red = new Set([
          known(batches),
          ...cuts.map(([from, to]) => known(batches.slice(from, to))),
        ]);
        const plan = planUntested(batches, (part) => red.has(known(part)));
        const parts = [plan.stage, ...plan.waiting];
        expect([...parts.flat(), ...plan.red].sort()).toEqual([...batches].sort());
        for (const part of parts) if (part.length > 0) expect(red.has(known(part))).toBe(false);
      }),
    );
  });

  it('stages the whole set when nothing is known', () => {
    expect(planUntested([1, 2, 3], () => false)).toEqual({
      stage: [1, 2, 3],
      waiting: [],
      red: [],
    });
  });
});

describe('the splits after a culprit', () => {
  const splits = [[1, 2], [3], [4]];

  it.each([
    ['nothing' as const, splits],
    ['join' as const, [[1, 2, 3, 4]]],
    ['delete' as const, []],
  ])('are as the policy %s says', (policy, left) => {
    expect(splitsAfterCulprit(splits, policy)).toEqual(left);
  });
});

describe('the false-positive flag', () => {
  it('is set on a failed staging of several batches which is no split itself', () => {
    expect(mayBeFalsePositive({ batches: 2, fromSplit: false })).toBe(true);
    expect(mayBeFalsePositive({ batches: 1, fromSplit: false })).toBe(false);
    expect(mayBeFalsePositive({ batches: 2, fromSplit: true })).toBe(false);
  });

  it('stays while a culprit is found but splits remain', () => {
    expect(clearsFalsePositive({ kind: 'culprit-found', splitsLeft: 1 })).toBe(false);
    expect(clearsFalsePositive({ kind: 'culprit-found', splitsLeft: 0 })).toBe(true);
    expect(clearsFalsePositive({ kind: 'staging-cancelled' })).toBe(true);
  });
});

describe('the culprit', () => {
  const context = (
    name: string,
    state: ContextVerdict['state'],
    counts = true,
  ): ContextVerdict => ({
    context: name,
    state,
    counts,
    required: true,
    url: null,
    description: null,
    at: null,
  });
  const red = (repository: string) => ({
    repository,
    sha: repository,
    contexts: [context('ci', 'failure')],
  });
  const green = (repository: string) => ({
    repository,
    sha: repository,
    contexts: [
      context('ci', 'success'),
      context('extra', 'failure', false),
      context('slow', 'cancelled'),
    ],
  });

  it('is the pull request of the first repository that failed, and all failures are told', () => {
    const found = culprit(
      [green('a'), red('b'), red('c')],
      [{ repository: 'a' }, { repository: 'b' }],
    );
    expect(found).toMatchObject({ kind: 'pull-request', pull: { repository: 'b' } });
    expect(found).toHaveProperty('failures.length', 2);
  });

  it('is the batch when the repository that failed has no pull request in it', () => {
    expect(culprit([red('a')], [{ repository: 'b' }]).kind).toBe('batch');
  });

  it('is unknown when no counting context failed', () => {
    expect(culprit([green('a')], [{ repository: 'a' }]).kind).toBe('unknown');
  });
});
