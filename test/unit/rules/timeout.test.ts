import { describe, expect, it } from '@jest/globals';
import { DEFAULT_RETRY, PORT_RETRY, retryDelayMs } from '../../../src/rules/backoff.ts';
import { chooseMethod, usesPullRequestText } from '../../../src/rules/merge-method.ts';
import type { MergeMethod } from '../../../src/rules/merge-method.ts';
import { timeoutAt } from '../../../src/rules/timeout.ts';

const at = (minute: number): Date => new Date(minute * 60_000);
const HOUR_MS = 3_600_000;

describe('the deadline of a staging', () => {
  const facts = { stagedAt: at(0), timeoutMs: HOUR_MS, lastPendingAt: null, missing: [] };

  it('is the time-out after staging', () => {
    expect(timeoutAt(facts)).toEqual({ at: at(60), kind: 'running' });
  });

  it('moves with a pending context', () => {
    expect(timeoutAt({ ...facts, lastPendingAt: at(30) }).at).toEqual(at(90));
  });

  it('names silence as such, after its own patience', () => {
    const silent = { ...facts, missing: ['ci'], neverStartedMs: HOUR_MS / 6 };
    expect(timeoutAt(silent)).toEqual({ at: at(10), kind: 'never-started' });
  });

  it('is the staging’s time-out for silence too, unless said otherwise', () => {
    expect(timeoutAt({ ...facts, missing: ['ci'] })).toEqual({ at: at(60), kind: 'never-started' });
  });

  it('does not cut off a context that runs because another has not begun', () => {
    const silent = {
      ...facts,
      missing: ['deploy'],
      neverStartedMs: HOUR_MS / 6,
      lastPendingAt: at(5),
    };
    expect(timeoutAt(silent).at).toEqual(at(65));
  });
});

describe('the delay of a failing row', () => {
  it('doubles from a minute to an hour and then ends', () => {
    const delays = Array.from({ length: 12 }, (_, index) => retryDelayMs(index + 1));
    const inMinutes = delays.map((delay) => (delay === null ? null : delay / 60_000));
    expect(inMinutes).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60, null]);
    expect(DEFAULT_RETRY.attempts).toBe(12);
  });

  it('is an hour for ports, 24 times', () => {
    expect(retryDelayMs(1, PORT_RETRY)).toBe(HOUR_MS);
    expect(retryDelayMs(23, PORT_RETRY)).toBe(HOUR_MS);
    expect(retryDelayMs(24, PORT_RETRY)).toBeNull();
  });
});

describe('the merge method', () => {
  it.each<[MergeMethod | null, number, object]>([
    [null, 1, { kind: 'method', method: 'rebase-ff' }],
    [null, 2, { kind: 'ask' }],
    ['squash', 2, { kind: 'method', method: 'squash' }],
    ['rebase-ff', 50, { kind: 'method', method: 'rebase-ff' }],
    ['rebase-ff', 51, { kind: 'refused', reason: 'too-many-to-rebase', limit: 50 }],
    ['merge', 250, { kind: 'method', method: 'merge' }],
    ['merge', 251, { kind: 'refused', reason: 'too-many-commits', limit: 250 }],
    [null, 251, { kind: 'refused', reason: 'too-many-commits' }],
    ['merge', 0, { kind: 'refused', reason: 'no-commits' }],
  ])('configured as %s for %i commits is chosen or refused', (configured, commits, expected) => {
    expect(chooseMethod({ configured, commits })).toMatchObject(expected);
  });

  it('uses the text of the pull request unless commits are only moved', () => {
    expect(
      ['merge', 'rebase-merge', 'squash', 'rebase-ff', null].map((one) =>
        usesPullRequestText(one as MergeMethod | null),
      ),
    ).toEqual([true, true, true, false, false]);
  });
});
