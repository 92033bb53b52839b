import { describe, expect, it } from '@jest/globals';
import { batchBlocked, pullRequestBlocked } from '../../../src/rules/batch.ts';
import type { BatchedPullRequest, BatchFacts } from '../../../src/rules/batch.ts';

function pull(name: string, change: Partial<BatchedPullRequest> = {}): BatchedPullRequest {
  return {
    name,
    number: Number(name.split('#')[1]),
    target: 'master',
    state: 'ready',
    closed: false,
    error: false,
    draft: false,
    approved: true,
    status: 'success',
    ...change,
  };
}

function batch(pulls: BatchedPullRequest[], change: Partial<BatchFacts> = {}): BatchFacts {
  return { merged: false, skipchecks: false, pulls, ...change };
}

describe('what blocks a batch', () => {
  const waiting = pull('a#1', { approved: false, status: 'pending', state: 'opened' });

  it.each<[string, BatchFacts, string | null]>([
    ['being merged', batch([pull('a#1', { closed: true })], { merged: true }), 'Merged.'],
    ['being closed', batch([pull('a#1', { closed: true })]), 'All pull requests are closed.'],
    [
      'different targets before drafts',
      batch([pull('a#1', { draft: true }), pull('b#2', { target: '17.0' })]),
      "Multiple target branches: 'master', '17.0'.",
    ],
    [
      'a draft or an error even with skipped checks',
      batch([pull('a#1', { draft: true }), pull('b#2', { error: true })], { skipchecks: true }),
      'Pull requests a#1 (draft), b#2 (in error) blocked.',
    ],
    [
      'what is missing, each kind with its pull requests',
      batch([waiting, pull('b#2', { status: 'failure' })]),
      'a#1 is waiting for review, a#1 is waiting for CI, b#2 has failed CI.',
    ],
    ['nothing with skipped checks', batch([waiting], { skipchecks: true }), null],
    ['nothing when all are ready', batch([pull('a#1'), pull('b#2')]), null],
    [
      'no closed pull request',
      batch([pull('a#1'), pull('b#2', { closed: true, draft: true, target: 'x' })]),
      null,
    ],
  ])('is %s', (_, facts, reason) => {
    expect(batchBlocked(facts)).toBe(reason);
  });
});

describe('the phrase on a pull request', () => {
  const own = pull('a#1');

  it('names the linked pull request with the highest number first', () => {
    const facts = batch([own, pull('b#2', { state: 'opened' }), pull('c#3', { draft: true })]);
    expect(pullRequestBlocked(own, facts)).toBe('linked PR c#3 is in draft');
  });

  it('does not name the pull request itself', () => {
    const self = pull('a#9', { state: 'approved' });
    expect(pullRequestBlocked(self, batch([self, pull('b#2')]))).toBe('is not ready');
  });

  it('is not there with skipped checks, unless one of the batch is in error', () => {
    const late = pull('b#2', { state: 'opened' });
    expect(pullRequestBlocked(own, batch([own, late], { skipchecks: true }))).toBeNull();
    const broken = pull('c#3', { state: 'error', error: true });
    const facts = batch([own, late, broken], { skipchecks: true });
    expect(pullRequestBlocked(own, facts)).toBe('linked PR c#3 is not ready');
  });

  it('is not there once the pull request is merged or closed', () => {
    const done = pull('a#1', { state: 'merged' });
    expect(pullRequestBlocked(done, batch([done, pull('b#2', { draft: true })]))).toBeNull();
  });
});
