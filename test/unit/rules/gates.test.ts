import { describe, expect, it } from '@jest/globals';
import { gates } from '../../../src/rules/gates.ts';
import type { Gate, GateFacts, GateName } from '../../../src/rules/gates.ts';
import { diffLines } from '../../../src/rules/line-diff.ts';
import { verdict } from '../../../src/rules/status.ts';
import type { CiState } from '../../../src/rules/status.ts';

const ON = { on: true, by: null, reason: null, since: null };
const OFF = { on: false, by: 'rita', reason: 'release', since: new Date(5) };

function statuses(states: Record<string, CiState>) {
  const required = ['ci', 'lint'].map((context) => ({
    context,
    prs: 'required' as const,
    stagings: true,
  }));
  const received = Object.entries(states).map(([context, state]) => ({
    context,
    state,
    url: null,
    description: null,
    at: new Date(7),
  }));
  return verdict({ purpose: 'pull-request', required, received });
}

const READY: GateFacts = {
  closed: false,
  merged: false,
  endedAt: null,
  target: { name: 'master', managed: true, active: true },
  draft: false,
  error: null,
  method: { configured: null, commits: 1 },
  skipchecks: false,
  statuses: statuses({ ci: 'success', lint: 'success' }),
  review: { by: 'rita', at: new Date(3) },
  linked: [{ name: 'lib#2', target: 'master', phrase: null }],
  branchStaging: ON,
  projectStaging: ON,
  frozen: null,
  stagingCron: ON,
  mergeCron: ON,
  staging: null,
};

function closedGates(change: Partial<GateFacts>): Gate[] {
  return gates({ ...READY, ...change }).filter((gate) => !gate.ok);
}

describe('the gates', () => {
  it('are all open for a pull request that may land, in a fixed order', () => {
    expect(closedGates({})).toEqual([]);
    expect(gates(READY).map((gate) => gate.gate)).toEqual([
      'open',
      'target',
      'draft',
      'error',
      'method',
      'statuses',
      'review',
      'linked',
      'targets',
      'branch-staging',
      'project-staging',
      'freeze',
      'staging-cron',
      'merge-cron',
      'turn',
    ]);
  });

  it.each<[Partial<GateFacts>, GateName, string, string]>([
    [{ closed: true }, 'open', 'is closed', 'author'],
    [{ merged: true }, 'open', 'has been merged', 'nobody'],
    [
      { target: { name: '16.0', managed: true, active: false }, linked: [] },
      'target',
      '16.0 is disabled',
      'author',
    ],
    [{ draft: true }, 'draft', 'is a draft', 'author'],
    [{ error: { reason: 'conflict', since: null } }, 'error', 'conflict', 'author or reviewer'],
    [
      { method: { configured: null, commits: 3 } },
      'method',
      'several commits, no merge method chosen',
      'reviewer',
    ],
    [
      { statuses: statuses({ ci: 'pending' }) },
      'statuses',
      'running: ci; never reported: lint',
      'ci',
    ],
    [
      { statuses: statuses({ ci: 'failure', lint: 'cancelled' }) },
      'statuses',
      'failed: ci; stopped: lint',
      'author',
    ],
    [{ review: { by: null, at: null } }, 'review', 'waits for approval', 'reviewer'],
    [
      { linked: [{ name: 'lib#2', target: 'master', phrase: 'is in draft' }] },
      'linked',
      'lib#2 is in draft',
      'author or reviewer',
    ],
    [
      { branchStaging: OFF },
      'branch-staging',
      'staging on master is off by rita: release',
      'administrator',
    ],
    [
      { projectStaging: OFF },
      'project-staging',
      'staging in the project is off by rita: release',
      'administrator',
    ],
    [
      { frozen: { reason: 'landing 4 is unfinished', since: null } },
      'freeze',
      'landing 4 is unfinished',
      'administrator',
    ],
    [
      { stagingCron: OFF },
      'staging-cron',
      'the cron that creates stagings is off by rita: release',
      'administrator',
    ],
    [
      { mergeCron: OFF },
      'merge-cron',
      'the cron that merges stagings is off by rita: release',
      'administrator',
    ],
    [
      { staging: { id: 4, own: false, since: new Date(1), waitingFor: [] } },
      'turn',
      'staging 4 runs first',
      'bot',
    ],
    [
      { staging: { id: 4, own: true, since: new Date(1), waitingFor: ['ci'] } },
      'turn',
      'being tested in staging 4, waits for ci',
      'ci',
    ],
  ])('closed by %j say what and who can act', (change, gate, detail, who) => {
    expect(closedGates(change)).toMatchObject([{ gate, detail, who_can_act: who }]);
  });

  it('of target and linked pull requests both close when these go elsewhere', () => {
    const linked = [{ name: 'lib#2', target: '17.0', phrase: 'is not ready' }];
    expect(closedGates({ linked }).map((gate) => gate.gate)).toEqual(['linked', 'targets']);
  });

  it('of review and statuses are open with skipped checks', () => {
    expect(
      closedGates({ skipchecks: true, review: { by: null, at: null }, statuses: statuses({}) }),
    ).toEqual([]);
  });

  it('tell since when, where it is known', () => {
    expect(closedGates({ mergeCron: OFF })).toMatchObject([{ since: new Date(5) }]);
    expect(gates(READY).find((gate) => gate.gate === 'statuses')?.since).toEqual(new Date(7));
  });
});

describe('a line diff', () => {
  it('keeps what both have, in order', () => {
    expect(diffLines('a\nb\nc\nd', 'a\nx\nc\nd\ne')).toEqual([' a', '-b', '+x', ' c', ' d', '+e']);
  });

  it('of two huge texts is still made, coarsely', () => {
    const huge = (mark: string): string =>
      Array.from({ length: 5_000 }, (_, line) => `${mark}${line}`).join('\n');
    expect(diffLines(huge('a'), huge('b'))).toHaveLength(10_000);
  });
});
