import { describe, expect, it } from '@jest/globals';
import { type LinkedPullRequest, linkedWarning } from '../../../src/rules/linked-warning.ts';

const START = new Date('2026-03-01T10:00:00Z');
const after = (minutes: number) => new Date(START.getTime() + minutes * 60_000);

const ready = (changes: Partial<LinkedPullRequest> = {}): LinkedPullRequest => ({
  name: 'acme/app#1',
  state: 'ready',
  draft: false,
  approved: true,
  status: 'success',
  since: START,
  warned: false,
  ...changes,
});
const other = (changes: Partial<LinkedPullRequest>): LinkedPullRequest =>
  ready({ name: 'acme/web#2', ...changes });

const unreviewed = other({ state: 'validated', approved: false });
const running = other({ state: 'approved', status: 'pending' });
const failed = other({ state: 'approved', status: 'failure' });
const broken = other({ state: 'error' });
const draft = other({ draft: true });

describe('a warning about linked pull requests', () => {
  it.each([
    ['failed CI', failed, 'waits for a green CI'],
    ['an error', broken, 'could not be merged'],
    ['a draft', draft, 'is a draft'],
  ])('comes at once for %s', (_name, pull, phrase) => {
    expect(linkedWarning([ready(), pull], START)).toEqual({
      kind: 'now',
      tell: ['acme/app#1'],
      waiting: [{ name: 'acme/web#2', phrase }],
    });
  });

  it('gives reviewers ten minutes', () => {
    expect(linkedWarning([ready(), unreviewed], after(3))).toEqual({
      kind: 'later',
      at: after(10),
    });
    expect(linkedWarning([ready(), unreviewed], after(10))).toMatchObject({
      kind: 'now',
      waiting: [{ phrase: 'waits for a review' }],
    });
  });

  it('gives CI an hour once all are approved', () => {
    expect(linkedWarning([ready(), running], after(59))).toEqual({ kind: 'later', at: after(60) });
    expect(linkedWarning([ready(), running], after(60))).toMatchObject({ kind: 'now' });
  });

  it('waits for the least patient of several', () => {
    expect(linkedWarning([ready(), running, unreviewed], START)).toEqual({
      kind: 'later',
      at: after(10),
    });
  });

  it('counts from the last that became ready', () => {
    const second = ready({ name: 'acme/doc#3', since: after(30) });

    expect(linkedWarning([ready(), second, unreviewed], after(35))).toEqual({
      kind: 'later',
      at: after(40),
    });
  });

  it('tells each ready pull request once', () => {
    expect(linkedWarning([ready({ warned: true }), broken], START)).toEqual({ kind: 'none' });
  });

  it.each([
    ['all are ready', [ready(), other({})]],
    ['none is ready', [unreviewed, running]],
    [
      'the others are closed or merged',
      [ready(), other({ state: 'closed' }), other({ state: 'merged' })],
    ],
  ])('does not come when %s', (_name, pulls) => {
    expect(linkedWarning(pulls, after(600))).toEqual({ kind: 'none' });
  });
});
