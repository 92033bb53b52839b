import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isOpen, pullRequestState } from '../../../src/rules/pull-request.ts';
import type { PullRequestFacts, PullRequestState } from '../../../src/rules/pull-request.ts';

const OPEN: PullRequestFacts = {
  closed: false,
  merged: false,
  error: false,
  skipchecks: false,
  approved: false,
  status: 'pending',
};

const anyFacts = fc.record({
  closed: fc.boolean(),
  merged: fc.boolean(),
  error: fc.boolean(),
  skipchecks: fc.boolean(),
  approved: fc.boolean(),
  status: fc.constantFrom('pending' as const, 'success' as const, 'failure' as const),
});

describe('the state of a pull request', () => {
  it.each<[string, Partial<PullRequestFacts>, PullRequestState]>([
    ['nothing', {}, 'opened'],
    ['failed statuses', { status: 'failure' }, 'opened'],
    ['green statuses', { status: 'success' }, 'validated'],
    ['an approval', { approved: true }, 'approved'],
    ['an approval of a red one', { approved: true, status: 'failure' }, 'approved'],
    ['approval and green statuses', { approved: true, status: 'success' }, 'ready'],
    ['skipped checks alone', { skipchecks: true, status: 'failure' }, 'ready'],
    ['an error over skipped checks', { error: true, skipchecks: true, approved: true }, 'error'],
    ['a merge over an error', { merged: true, error: true }, 'merged'],
    ['closing over a merge', { closed: true, merged: true }, 'closed'],
  ])('from %s follows as in spec 2.1', (_, facts, state) => {
    expect(pullRequestState({ ...OPEN, ...facts })).toBe(state);
  });

  it('is open exactly when neither closed nor merged', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        expect(isOpen(pullRequestState(facts))).toBe(!facts.closed && !facts.merged);
      }),
    );
  });

  it('is ready only with skipped checks or with approval and green statuses', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const earned = facts.skipchecks || (facts.approved && facts.status === 'success');
        const stopped = facts.closed || facts.merged || facts.error;
        expect(pullRequestState(facts) === 'ready').toBe(earned && !stopped);
      }),
    );
  });
});
