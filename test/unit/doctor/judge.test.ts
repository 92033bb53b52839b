import { describe, expect, it } from '@jest/globals';
import { judgeHooks } from '../../../src/doctor/hooks.ts';
import { judgeContexts, judgeRepository, judgeToken } from '../../../src/doctor/judge.ts';
import type { Hook, Repository } from '../../../src/github/facts.ts';

const EVENTS = [
  'pull_request',
  'issue_comment',
  'pull_request_review',
  'status',
  'check_run',
  'push',
];
const right: Hook = {
  ...{ id: 1, active: true, events: EVENTS, contentType: 'json', lastStatus: 202 },
  url: 'https://bot.test/webhooks/github',
};
const judge = (hook: Partial<Hook>) =>
  judgeHooks('acme/app', { hooks: [{ ...right, ...hook }], url: 'https://bot.test' });

describe('judgeHooks', () => {
  it('is content with a webhook that sends all events as JSON', () => {
    expect(judge({})).toMatchObject({ ok: true });
    expect(judge({ events: ['*'], lastStatus: null })).toMatchObject({ ok: true });
  });

  it.each<[Partial<Hook>, RegExp]>([
    [
      { url: 'https://other.test/webhooks/github' },
      /none leads to https:\/\/bot.test\/webhooks\/github/,
    ],
    [{ active: false }, /switched off/],
    [{ contentType: 'form' }, /application\/json/],
    [{ events: ['push'] }, /does not send pull_request, issue_comment, .*check_run/],
    [{ lastStatus: 401 }, /answered 401: check the secret/],
  ])('finds what is wrong with %j', (hook, detail) => {
    expect(judge(hook)).toMatchObject({
      ok: false,
      detail: expect.stringMatching(detail) as unknown,
    });
  });

  it('does not blame an account that may not look', () => {
    expect(judgeHooks('acme/app', { hooks: { kind: 'missing' }, url: '' })).toMatchObject({
      ok: true,
    });
  });
});

describe('judgeRepository', () => {
  const found = {
    kind: 'repository',
    archived: false,
    rights: { push: true, admin: false },
  } as Repository;

  it.each<[Parameters<typeof judgeRepository>[1], boolean, RegExp]>([
    [found, true, /can be pushed to/],
    [{ ...found, rights: null }, true, /can be pushed to/],
    [{ ...found, rights: { push: false, admin: false } }, false, /give it write access/],
    [{ ...found, archived: true }, false, /archived/],
    [{ kind: 'missing' }, false, /not found/],
    [{ kind: 'moved', id: 1, name: 'acme/new' as never }, false, /is now acme\/new/],
  ])('of %j says %s: %s', (repository, ok, detail) => {
    const finding = judgeRepository('acme/app', repository);
    expect(finding).toMatchObject({ ok, detail: expect.stringMatching(detail) as unknown });
  });
});

describe('judgeToken and judgeContexts', () => {
  const viewer = { id: 1, login: 'stagecoach', name: 'S', email: 's@acme.test' };

  it('says as whom the bot acts, and warns when its calls run out', () => {
    const of = (remaining: number) =>
      judgeToken('acme', viewer, { core: { limit: 5000, remaining, resetAt: new Date(0) } }).detail;
    expect(of(4000)).toBe('acts as stagecoach');
    expect(of(100)).toBe('acts as stagecoach, only 100 of 5000 calls left this hour');
  });

  it('names contexts that CI never used on a branch', () => {
    const heard = [{ context: 'ci/test' }] as unknown as Parameters<
      typeof judgeContexts
    >[1]['heard'];
    const facts = { isProtected: true, wanted: ['ci/test', 'ci/tset'], heard };
    expect(judgeContexts('acme/app: master', facts)).toMatchObject({
      ...{ ok: true, doubtful: true },
      detail:
        'exists; is protected: the account must be allowed to push; its head never heard of ci/tset: check the names of the contexts',
    });
  });
});
