import { describe, expect, it } from '@jest/globals';
import { judgeApproval, mayReject } from '../../../src/rules/approval.ts';
import type { ApprovalFacts, ApprovedPullRequest } from '../../../src/rules/approval.ts';
import { judgeRemoval } from '../../../src/rules/branch-removal.ts';
import type { RemovalFacts } from '../../../src/rules/branch-removal.ts';
import { judgeLimit } from '../../../src/rules/forwardport-limit.ts';
import type { LimitFacts } from '../../../src/rules/forwardport-limit.ts';
import { judgePolicy } from '../../../src/rules/forwardport-policy.ts';
import type { PolicyFacts } from '../../../src/rules/forwardport-policy.ts';

function pull(number: number, change: Partial<ApprovedPullRequest> = {}): ApprovedPullRequest {
  const flags = { closed: false, merged: false, draft: false, error: false, approved: false };
  const times = { newerThanWords: false, managed: true };
  return { name: `a#${number}`, number, head: 'f'.repeat(40), ...flags, ...times, ...change };
}

describe('an approval', () => {
  const facts: ApprovalFacts = {
    self: pull(3),
    ancestors: [pull(2), pull(1)],
    numbers: [],
    head: null,
    headAtReview: null,
    hasEmail: true,
  };

  it.each<[string, Partial<ApprovalFacts>, object]>([
    [
      'takes the open ancestors along, the root included',
      {},
      { kind: 'approve', pulls: [{ number: 3 }, { number: 2 }, { number: 1 }] },
    ],
    [
      'passes over ancestors that are done, broken or approved',
      {
        ancestors: [
          pull(5, { error: true }),
          pull(4, { draft: true }),
          pull(2, { approved: true }),
          pull(1, { merged: true }),
        ],
      },
      { kind: 'approve', pulls: [{ number: 3 }] },
    ],
    ['takes only those listed', { numbers: [2] }, { kind: 'approve', pulls: [{ number: 2 }] }],
    [
      'of numbers that are no ancestors is refused',
      { numbers: [9, 2] },
      { kind: 'wrong-numbers', wrong: [9], allowed: [3, 2, 1] },
    ],
    [
      'of a draft is refused',
      { self: pull(3, { draft: true }) },
      { kind: 'refused', reason: 'draft' },
    ],
    [
      'of a merged one says so',
      { self: pull(3, { merged: true }) },
      { kind: 'refused', reason: 'merged' },
    ],
    [
      'of a closed one says so',
      { self: pull(3, { closed: true }) },
      { kind: 'refused', reason: 'closed' },
    ],
    ['without e-mail is refused', { hasEmail: false }, { kind: 'refused', reason: 'no-email' }],
    [
      'of another head than the one named is refused',
      { head: 'abcdef012345' },
      { kind: 'refused', reason: 'head-changed' },
    ],
    ['of the head that is named is taken', { head: 'ffffffffffff' }, { kind: 'approve' }],
    [
      'in a review of another head is refused',
      { headAtReview: 'e'.repeat(40) },
      { kind: 'refused', reason: 'head-changed' },
    ],
    [
      'written before the last push is refused (B-048)',
      { self: pull(3, { newerThanWords: true }) },
      { kind: 'refused', reason: 'head-changed' },
    ],
    [
      'written before the last push is taken when it names that head',
      { self: pull(3, { newerThanWords: true }), head: 'ffffffffffff' },
      { kind: 'approve' },
    ],
    [
      'passes over ancestors that somebody pushed to since',
      { ancestors: [pull(2, { newerThanWords: true }), pull(1)] },
      { kind: 'approve', pulls: [{ number: 3 }, { number: 1 }] },
    ],
    [
      'of one onto a foreign branch is refused (B-046)',
      { self: pull(3, { managed: false }) },
      { kind: 'refused', reason: 'unmanaged' },
    ],
    [
      'of what is approved says so, and whether it is in error',
      { self: pull(3, { approved: true, error: true }), ancestors: [] },
      { kind: 'already', error: true },
    ],
  ])('%s', (_, change, expected) => {
    expect(judgeApproval({ ...facts, ...change })).toMatchObject(expected);
  });

  it('can be taken back where there is one, or where checks are skipped', () => {
    expect(mayReject({ approved: true, skipchecks: false })).toBe(true);
    expect(mayReject({ approved: false, skipchecks: true })).toBe(true);
    expect(mayReject({ approved: false, skipchecks: false })).toBe(false);
  });
});

describe('a limit', () => {
  const tip = { name: 'a#2', target: 'c', closed: false, merged: false, task: 'none' as const };
  const all = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, active: name !== 'e' }));
  const fresh: LimitFacts = {
    requested: 'c',
    branches: all,
    target: 'a',
    running: false,
    policy: 'default',
    tip: { ...tip, target: 'a' },
  };
  const running: LimitFacts = { ...fresh, running: true, tip };

  it.each<[string, LimitFacts, object]>([
    [
      'before the merge is set',
      fresh,
      { kind: 'set', limit: 'c', stops: false, resetsPolicy: false },
    ],
    ['at the own target stops all', { ...fresh, requested: 'a' }, { kind: 'set', stops: true }],
    ['beyond it takes fw=no back', { ...fresh, policy: 'no' }, { kind: 'set', resetsPolicy: true }],
    [
      'at the own target leaves fw=no',
      { ...fresh, policy: 'no', requested: 'a' },
      { kind: 'set', resetsPolicy: false },
    ],
    [
      'on no branch is refused',
      { ...fresh, requested: 'x' },
      { kind: 'refused', reason: 'unknown-branch' },
    ],
    [
      'on a disabled branch is refused',
      { ...fresh, requested: 'e' },
      { kind: 'refused', reason: 'disabled-branch' },
    ],
    [
      'on the own disabled branch is not',
      { ...fresh, requested: 'e', target: 'e' },
      { kind: 'set', stops: true },
    ],
    [
      'of a chain that ended is refused',
      { ...running, tip: { ...tip, closed: true } },
      { kind: 'refused', reason: 'tip-closed' },
    ],
    [
      'below what exists stays there',
      { ...running, requested: 'b' },
      { kind: 'changed', limit: 'c', insteadOf: 'b' },
    ],
    [
      'at the tip cancels the next port',
      { ...running, tip: { ...tip, task: 'queued' } },
      { kind: 'changed', limit: 'c', cancelsTask: true },
    ],
    [
      'at the tip comes too late for a running port',
      { ...running, tip: { ...tip, task: 'running' } },
      { kind: 'refused', reason: 'port-running' },
    ],
    [
      'raised on an open tip goes on once green',
      { ...running, requested: 'd' },
      { kind: 'changed', limit: 'd', resume: 'follow-up' },
    ],
    [
      'raised on a merged tip goes on at once',
      { ...running, requested: 'd', tip: { ...tip, merged: true } },
      { kind: 'changed', resume: 'port' },
    ],
    [
      'raised under fw=no is kept but starts nothing',
      { ...running, requested: 'd', policy: 'no' },
      { kind: 'changed', resume: 'policy-no' },
    ],
  ])('%s', (_, facts, expected) => {
    expect(judgeLimit(facts)).toMatchObject(expected);
  });
});

describe('a port policy', () => {
  const facts: PolicyFacts = {
    requested: 'default',
    current: 'default',
    merged: false,
    isPort: false,
    hasNext: true,
    ported: false,
  };

  it.each<[string, Partial<PolicyFacts>, object]>([
    [
      'before the merge starts nothing',
      { requested: 'skipci' },
      { kind: 'set', starts: 'nothing' },
    ],
    [
      'of a merged source that had none starts porting',
      { current: 'no', merged: true },
      { kind: 'set', starts: 'port' },
    ],
    [
      'of a merged source that had one starts nothing',
      { merged: true },
      { kind: 'set', starts: 'nothing' },
    ],
    ['skipmerge starts at once', { requested: 'skipmerge' }, { kind: 'set', starts: 'port' }],
    [
      'skipci on a running chain looks at the tip again',
      { requested: 'skipci', isPort: true },
      { kind: 'set', starts: 'follow-up' },
    ],
    ['no starts nothing', { requested: 'no', isPort: true }, { kind: 'set', starts: 'nothing' }],
    [
      'starts nothing at the limit',
      { requested: 'skipmerge', hasNext: false },
      { kind: 'set', starts: 'nothing' },
    ],
    [
      'skipmerge is final',
      { current: 'skipmerge' },
      { kind: 'refused', reason: 'skipmerge-is-final' },
    ],
    [
      'skipmerge may be said again',
      { current: 'skipmerge', requested: 'skipmerge', ported: true },
      { kind: 'set', starts: 'nothing' },
    ],
  ])('%s', (_, change, expected) => {
    expect(judgePolicy({ ...facts, ...change })).toMatchObject(expected);
  });
});

describe('a head branch', () => {
  const day = (count: number): Date => new Date(count * 86_400_000);
  const facts: RemovalFacts = {
    state: 'merged',
    endedAt: day(1),
    now: day(9),
    afterMs: 7 * 86_400_000,
    owner: 'Acme-Bot',
    remoteOwner: 'acme-bot',
    head: 'h',
    branchHead: 'h',
  };

  it.each<[string, Partial<RemovalFacts>, object]>([
    ['of the bot goes a week after the end, as it was left', {}, { kind: 'remove', expected: 'h' }],
    ['waits for the week', { now: day(7) }, { kind: 'wait', until: day(8) }],
    ['of a contributor is never touched', { owner: 'ann' }, { kind: 'keep', reason: 'not-ours' }],
    [
      'without a remote for ports is never touched',
      { remoteOwner: null },
      { kind: 'keep', reason: 'not-ours' },
    ],
    ['that moved stays', { branchHead: 'i' }, { kind: 'keep', reason: 'moved' }],
    ['that is gone is left', { branchHead: null }, { kind: 'keep', reason: 'gone' }],
    ['of an open pull request stays', { state: 'open' }, { kind: 'keep', reason: 'open' }],
  ])('%s', (_, change, expected) => {
    expect(judgeRemoval({ ...facts, ...change })).toEqual(expected);
  });
});
