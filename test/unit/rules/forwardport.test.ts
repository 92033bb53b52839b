import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { becomesParent, findHoles } from '../../../src/rules/forwardport-holes.ts';
import {
  followUp,
  lastTarget,
  nextTarget,
  portDecision,
  portsAfterMerge,
} from '../../../src/rules/forwardport-plan.ts';
import type {
  FollowUpFacts,
  NextTarget,
  PlanBranch,
  PortFacts,
} from '../../../src/rules/forwardport-plan.ts';

const NAMES = ['a', 'b', 'c', 'd'];

function branches(change: Record<string, Partial<PlanBranch>> = {}): PlanBranch[] {
  return NAMES.map((name) => ({ name, active: true, existsInRepository: true, ...change[name] }));
}

const to = (target: string): NextTarget => ({ kind: 'next', target });
const END: NextTarget = { kind: 'none', reason: 'last-branch' };

describe('the next branch', () => {
  it.each<[string, Record<string, Partial<PlanBranch>>, string, string | null, string]>([
    ['follows', {}, 'a', null, 'b'],
    ['is none at the end', {}, 'd', null, 'last-branch'],
    ['is none at the limit', {}, 'b', 'b', 'at-limit'],
    ['is none beyond the limit', {}, 'c', 'b', 'limit-before-target'],
    ['jumps over a disabled branch', { b: { active: false } }, 'a', null, 'c'],
    ['jumps over one the repository has not', { b: { existsInRepository: false } }, 'a', null, 'c'],
    [
      'never passes a limit that was disabled',
      { b: { active: false } },
      'a',
      'b',
      'later-branches-disabled',
    ],
    ['follows a disabled own branch', { b: { active: false } }, 'b', null, 'c'],
    ['is none for a branch nobody knows', {}, 'x', null, 'unknown-branch'],
  ])('%s', (_, change, target, limit, expected) => {
    const next = nextTarget({ branches: branches(change), target, limit });
    expect(next.kind === 'next' ? next.target : next.reason).toBe(expected);
  });

  it('taken step by step visits every active branch up to the limit, once, and ends there', () => {
    const flags = fc.array(fc.boolean(), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(flags, flags, fc.nat(3), fc.nat(3), (active, exists, own, limit) => {
        const all = NAMES.map((name, index) => ({
          name,
          active: active[index] === true,
          existsInRepository: exists[index] === true,
        }));
        const facts = { branches: all, limit: NAMES[limit] ?? null };
        const visited: string[] = [];
        let next = nextTarget({ ...facts, target: NAMES[own] ?? '' });
        while (next.kind === 'next') {
          visited.push(next.target);
          next = nextTarget({ ...facts, target: next.target });
        }
        const expected = all.filter(
          (one, index) => index > own && index <= limit && one.active && one.existsInRepository,
        );
        expect(visited).toEqual(expected.map((one) => one.name));
        expect(lastTarget({ ...facts, target: NAMES[own] ?? '' })).toBe(visited.at(-1) ?? null);
      }),
    );
  });
});

describe('a port task', () => {
  const facts: PortFacts = {
    held: false,
    hasToken: true,
    withoutRemote: [],
    pulls: [{ name: 'x#1', next: to('b') }],
    portedTo: [],
  };

  it.each<[string, Partial<PortFacts>, object]>([
    ['ports', {}, { kind: 'port', target: 'b' }],
    ['waits while the project holds it back', { held: true, pulls: [] }, { kind: 'held' }],
    [
      'ends with an empty batch',
      { pulls: [], hasToken: false },
      { kind: 'nothing', reason: 'empty-batch' },
    ],
    ['ends without a token', { hasToken: false }, { kind: 'nothing', reason: 'no-token' }],
    [
      'ends without a remote',
      { withoutRemote: ['acme/lib'] },
      { kind: 'nothing', reason: 'no-remote' },
    ],
    [
      'ends at the end',
      { pulls: [{ name: 'x#1', next: END }] },
      { kind: 'nothing', reason: 'end-of-chain' },
    ],
    [
      'ends when a child exists, closed or not',
      { portedTo: ['b'] },
      { kind: 'nothing', reason: 'already-ported' },
    ],
    [
      'leaves out those that go nowhere',
      {
        pulls: [
          { name: 'x#1', next: to('b') },
          { name: 'y#2', next: END },
        ],
      },
      { kind: 'port', pulls: [{ name: 'x#1', next: to('b') }] },
    ],
    [
      'ports nothing when the others disagree',
      {
        pulls: [
          { name: 'x#1', next: to('b') },
          { name: 'y#2', next: to('c') },
        ],
      },
      { kind: 'discrepancy', targets: [{ target: 'b' }, { target: 'c' }] },
    ],
  ])('%s', (_, change, expected) => {
    expect(portDecision({ ...facts, ...change })).toMatchObject(expected);
  });
});

describe('a follow-up', () => {
  const green = { attached: true, status: 'success' as const, next: to('c') };
  const facts: FollowUpFacts = {
    policy: 'default',
    hasParentBatch: true,
    forced: false,
    pulls: [green],
    portedTo: [],
    taskQueued: false,
  };

  it.each<[string, Partial<FollowUpFacts>, object]>([
    ['is queued once all is green, whatever the review says', {}, { kind: 'port', target: 'c' }],
    [
      'stops under fw=no, even when forced',
      { policy: 'no', forced: true },
      { kind: 'stop', reason: 'policy' },
    ],
    ['is for ports only', { hasParentBatch: false }, { kind: 'stop', reason: 'not-a-port' }],
    [
      'waits for CI',
      { pulls: [green, { ...green, status: 'pending' }] },
      { kind: 'wait', reason: 'ci' },
    ],
    [
      'does not wait for CI under skipci',
      { policy: 'skipci', pulls: [{ ...green, status: 'failure' }] },
      { kind: 'port' },
    ],
    [
      'waits for the merge of a detached one under skipci',
      { policy: 'skipci', pulls: [{ ...green, attached: false }] },
      { kind: 'wait', reason: 'detached' },
    ],
    [
      'goes on past a detachment under skipmerge',
      { policy: 'skipmerge', pulls: [{ ...green, attached: false, status: 'failure' }] },
      { kind: 'port' },
    ],
    [
      'goes on past all when the branch was disabled',
      { forced: true, pulls: [{ ...green, attached: false, status: 'failure' }] },
      { kind: 'port' },
    ],
    ['stops where a child exists', { portedTo: ['c'] }, { kind: 'stop', reason: 'already-ported' }],
    ['is queued once', { taskQueued: true }, { kind: 'wait', reason: 'queued' }],
    [
      'stops at the end',
      { pulls: [{ ...green, next: END }] },
      { kind: 'stop', reason: 'end-of-chain' },
    ],
    [
      'stops where linked ones disagree',
      { pulls: [green, { ...green, next: to('d') }] },
      { kind: 'stop', reason: 'discrepancy' },
    ],
    ['of an empty batch stops', { pulls: [] }, { kind: 'stop', reason: 'empty-batch' }],
  ])('%s', (_, change, expected) => {
    expect(followUp({ ...facts, ...change })).toMatchObject(expected);
  });
});

describe('a merge', () => {
  const source = {
    hasToken: true,
    policy: 'default' as const,
    hasChild: false,
    pulls: [{ attached: false }],
  };

  it('starts a port for a source and for a detached port, not for an attached one', () => {
    expect(portsAfterMerge(source)).toBe(true);
    expect(portsAfterMerge({ ...source, pulls: [{ attached: true }] })).toBe(false);
    expect(portsAfterMerge({ ...source, pulls: [{ attached: true }, { attached: false }] })).toBe(
      true,
    );
  });

  it('starts none without a token, under fw=no, or when ported already', () => {
    expect(portsAfterMerge({ ...source, hasToken: false })).toBe(false);
    expect(portsAfterMerge({ ...source, policy: 'no' })).toBe(false);
    expect(portsAfterMerge({ ...source, hasChild: true })).toBe(false);
  });
});

describe('a branch inserted while ports run', () => {
  const chain = {
    branches: branches(),
    sourceTarget: 'a',
    limit: null,
    settled: [],
    ported: ['d'],
  };

  it('is found, each hole from the one before it', () => {
    expect(findHoles(chain)).toEqual([
      { target: 'b', from: 'a' },
      { target: 'c', from: 'b' },
    ]);
    expect(findHoles({ ...chain, ported: ['b', 'd'] })).toEqual([{ target: 'c', from: 'b' }]);
  });

  it('is no hole where a reason is stored, nothing later exists, the limit ends or it is disabled', () => {
    expect(findHoles({ ...chain, settled: ['b', 'c'] })).toEqual([]);
    expect(findHoles({ ...chain, ported: [] })).toEqual([]);
    expect(findHoles({ ...chain, limit: 'a' })).toEqual([]);
    expect(
      findHoles({
        ...chain,
        branches: branches({ b: { active: false }, c: { existsInRepository: false } }),
      }),
    ).toEqual([]);
  });

  it('never makes a conflict anybody’s parent', () => {
    expect(becomesParent({ conflicts: false, laterIsAttached: true })).toBe(true);
    expect(becomesParent({ conflicts: true, laterIsAttached: true })).toBe(false);
    expect(becomesParent({ conflicts: false, laterIsAttached: false })).toBe(false);
  });
});
