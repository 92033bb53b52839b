import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkRunState, unreportedFailures, verdict } from '../../../src/rules/status.ts';
import type {
  CiState,
  ReceivedStatus,
  RequiredStatus,
  StatusState,
} from '../../../src/rules/status.ts';

const STATES: readonly CiState[] = [
  'success',
  'neutral',
  'skipped',
  'failure',
  'error',
  'startup_failure',
  'pending',
  'cancelled',
  'timed_out',
  'stale',
  'action_required',
];

function heard(
  context: string,
  state: CiState,
  minute = 0,
  url: string | null = null,
): ReceivedStatus {
  return { context, state, url, description: null, at: new Date(minute * 60_000) };
}

function row(context: string, change: Partial<RequiredStatus> = {}): RequiredStatus {
  return { context, prs: 'required', stagings: true, ...change };
}

function judge(required: RequiredStatus[], received: ReceivedStatus[]) {
  return verdict({ purpose: 'pull-request', required, received });
}

describe('the verdict on a pull request', () => {
  it.each<[CiState, StatusState]>([
    ['success', 'success'],
    ['neutral', 'success'],
    ['skipped', 'success'],
    ['failure', 'failure'],
    ['error', 'failure'],
    ['startup_failure', 'failure'],
    ['pending', 'pending'],
    ['cancelled', 'pending'],
    ['timed_out', 'pending'],
    ['stale', 'pending'],
    ['action_required', 'pending'],
  ])('on a required context that is %s is %s', (state, expected) => {
    expect(judge([row('ci')], [heard('ci', state)]).state).toBe(expected);
  });

  it('waits for a required context nobody heard of and names it', () => {
    const result = judge([row('ci'), row('lint')], [heard('lint', 'success')]);
    expect(result).toMatchObject({ state: 'pending', missing: ['ci'] });
  });

  it('is success when nothing counts', () => {
    expect(judge([row('ci', { prs: 'ignored' })], [heard('ci', 'failure')]).state).toBe('success');
  });

  it.each<[string, ReceivedStatus[], StatusState]>([
    ['absent', [], 'success'],
    ['pending', [heard('docs', 'pending')], 'pending'],
    ['failed', [heard('docs', 'failure')], 'failure'],
    ['green', [heard('docs', 'success')], 'success'],
  ])('with an optional context that is %s goes by what was heard', (_, received, expected) => {
    expect(judge([row('docs', { prs: 'optional' })], received).state).toBe(expected);
  });

  it('goes by the newest attempt of a context', () => {
    const received = [heard('ci', 'success', 5), heard('ci', 'failure', 3)];
    expect(judge([row('ci')], received).state).toBe('success');
  });

  it('counts an override as success and keeps where it was said', () => {
    const facts = {
      purpose: 'pull-request' as const,
      required: [row('ci')],
      received: [heard('ci', 'failure')],
    };
    const result = verdict({ ...facts, overrides: [{ context: 'ci', url: 'https://x.test/c' }] });
    expect(result.state).toBe('success');
    expect(result.contexts[0]).toMatchObject({
      state: 'success',
      overridden: true,
      url: 'https://x.test/c',
    });
  });

  it('shows contexts that do not count without letting them decide', () => {
    const result = judge([row('ci')], [heard('ci', 'success'), heard('extra', 'failure')]);
    expect(result.state).toBe('success');
    expect(result.contexts.map((one) => [one.context, one.counts])).toEqual([
      ['ci', true],
      ['extra', false],
    ]);
  });

  it('does not depend on the order in which CI spoke', () => {
    const one = fc.record({
      context: fc.constantFrom('a', 'b', 'c'),
      state: fc.constantFrom(...STATES),
      url: fc.constantFrom(null, 'https://x.test/1', 'https://x.test/2'),
      description: fc.constant(null),
      at: fc.integer({ min: 0, max: 3 }).map((minute) => new Date(minute)),
    });
    const required = [row('a'), row('b', { prs: 'optional' })];
    const received = fc.array(one, { maxLength: 8 });
    const two = received.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    fc.assert(
      fc.property(two, ([list, shuffled]) => {
        expect(judge(required, shuffled)).toEqual(judge(required, list));
      }),
    );
  });
});

describe('the verdict on a staging', () => {
  it('asks for the contexts of stagings, whatever they are for pull requests', () => {
    const required = [row('upgrade', { prs: 'ignored' }), row('lint', { stagings: false })];
    const result = verdict({ purpose: 'staging', required, received: [heard('lint', 'failure')] });
    expect(result).toMatchObject({ state: 'pending', missing: ['upgrade'] });
  });

  it('tells when a counting context was last really pending', () => {
    const received = [
      heard('a', 'pending', 4),
      heard('b', 'success', 9),
      heard('x', 'pending', 20),
    ];
    const result = verdict({ purpose: 'staging', required: [row('a'), row('b')], received });
    expect(result.lastPendingAt).toEqual(new Date(4 * 60_000));
  });
});

describe('a check run', () => {
  it.each<[string, string | null, CiState]>([
    ['queued', null, 'pending'],
    ['in_progress', null, 'pending'],
    ['completed', 'neutral', 'neutral'],
    ['completed', 'timed_out', 'timed_out'],
    ['completed', 'invented-later', 'stale'],
    ['completed', 'constructor', 'stale'],
    ['completed', null, 'stale'],
  ])('%s with conclusion %s is read as a state of ours', (status, conclusion, expected) => {
    expect(checkRunState(status, conclusion)).toBe(expected);
  });
});

describe('failures worth telling', () => {
  const failures = judge(
    [row('a'), row('b')],
    [heard('a', 'failure', 1, 'u'), heard('b', 'failure', 1, 'u')],
  );

  it('are told once per context, so that one shared address hides nothing', () => {
    const told = [{ context: 'a', state: 'failure', url: 'u' }];
    expect(unreportedFailures(failures.contexts, told).map((one) => one.context)).toEqual(['b']);
  });

  it('are news again with another address', () => {
    const told = [
      { context: 'a', state: 'failure', url: 'old' },
      { context: 'b', state: 'failure', url: 'u' },
    ];
    expect(unreportedFailures(failures.contexts, told).map((one) => one.context)).toEqual(['a']);
  });
});
