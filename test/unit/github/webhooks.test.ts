import { describe, expect, it } from '@jest/globals';
import { parseWebhook } from '../../../src/github/webhooks.ts';
import type { WebhookEvent } from '../../../src/github/webhook-events.ts';
import { alice, checkRun, PAYLOADS, pullRequest, sent } from './payloads.ts';
import type { Json } from './payloads.ts';

const receivedAt = new Date('2026-03-02T00:00:00Z');

function parse(event: string, payload: unknown): ReturnType<typeof parseWebhook> {
  return parseWebhook({ event, body: Buffer.from(JSON.stringify(payload)), receivedAt });
}

function read(event: string, payload: unknown): WebhookEvent {
  const parsed = parse(event, payload);
  if (parsed.kind !== 'event') throw new Error(JSON.stringify(parsed));
  return parsed.event;
}

function readPull(changed: Json): Extract<WebhookEvent, { event: 'pull_request' }> {
  const event = read('pull_request', sent({ action: 'x', pull_request: pullRequest(changed) }));
  if (event.event !== 'pull_request') throw new Error(event.event);
  return event;
}

describe('a webhook', () => {
  it.each(Object.keys(PAYLOADS))('of the event %s is read', (event) => {
    expect(read(event, PAYLOADS[event]).event).toBe(event);
  });

  it('of a pull request gives its facts, in the words of every other answer', () => {
    expect(readPull({})).toEqual({
      event: 'pull_request',
      action: 'x',
      repository: { id: 77, name: 'acme/app' },
      sender: { id: 1001, login: 'alice', type: 'User' },
      pullRequest: {
        id: 5_000_000_001,
        number: 12,
        title: 'Add g',
        body: 'because',
        state: 'open',
        draft: false,
        head: {
          sha: 'a'.repeat(40),
          branch: 'add-g',
          label: 'alice:add-g',
          repository: 'alice/app',
        },
        base: { branch: 'master', sha: 'b'.repeat(40) },
        author: { id: 1001, login: 'alice', type: 'User' },
        createdAt: new Date('2026-03-01T10:00:00Z'),
        updatedAt: new Date('2026-03-01T11:00:00Z'),
        labels: ['forwardport'],
        commitCount: 2,
      },
      previous: { title: null, body: null, base: null },
      label: null,
    });
  });

  it('of an edit tells what was there before', () => {
    const payload = sent({
      action: 'edited',
      pull_request: pullRequest(),
      changes: { title: { from: 'Add f' }, base: { ref: { from: '18.0' }, sha: { from: 'x' } } },
    });
    expect(read('pull_request', payload)).toMatchObject({
      previous: { title: 'Add f', body: null, base: '18.0' },
    });
  });

  it.each([
    ['open', {}, 'open'],
    ['closed', { state: 'closed' }, 'closed'],
    ['merged', { state: 'closed', merged: true }, 'merged'],
    ['merged, as lists tell it', { state: 'closed', merged: undefined, merged_at: 'x' }, 'merged'],
    ['in a state nobody knows yet', { state: 'parked' }, 'closed'],
  ])('of a pull request that is %s says so', (_what, changed, state) => {
    expect(readPull(changed).pullRequest.state).toBe(state);
  });

  it('of a pull request whose fork, author, text and label are gone is read (B-028)', () => {
    const head = { sha: 'a'.repeat(40), ref: 'add-g', label: null, repo: null };
    const { pullRequest: pull } = readPull({ head, user: null, body: null, labels: undefined });
    expect(pull).toMatchObject({
      head: { sha: 'a'.repeat(40), branch: 'add-g', label: null, repository: null },
      author: null,
      body: '',
      labels: [],
    });
  });

  it('of a comment tells whether it is on a pull request', () => {
    const onIssue = { ...PAYLOADS['issue_comment'], issue: { number: 12, pull_request: null } };
    expect(read('issue_comment', PAYLOADS['issue_comment'])).toMatchObject({ isPullRequest: true });
    expect(read('issue_comment', onIssue)).toMatchObject({ isPullRequest: false, number: 12 });
  });

  it('of a review that is not submitted has no review to act on', () => {
    const review = { id: 1, node_id: 'x', user: alice, state: 'PENDING', body: null };
    const payload = { ...PAYLOADS['pull_request_review'], review };
    expect(read('pull_request_review', payload)).toMatchObject({ number: 12, review: null });
  });

  it.each([
    ['queued', { status: 'queued', started_at: null }, 'pending', receivedAt],
    ['running', {}, 'pending', new Date('2026-03-01T10:00:00Z')],
    [
      'done',
      { status: 'completed', conclusion: 'timed_out', completed_at: '2026-03-01T10:05:00Z' },
      'timed_out',
      new Date('2026-03-01T10:05:00Z'),
    ],
    [
      'done with a word nobody knows yet',
      { status: 'completed', conclusion: 'Astonished', completed_at: '2026-03-01T10:05:00Z' },
      'astonished',
      new Date('2026-03-01T10:05:00Z'),
    ],
  ])('of a check run that is %s reports its state and time', (_what, changed, state, at) => {
    const payload = sent({ action: 'x', check_run: checkRun(changed) });
    expect(read('check_run', payload)).toMatchObject({
      sha: 'a'.repeat(40),
      report: { kind: 'check_run', context: 'ci/test', state, at },
    });
  });

  it('of a push tells a new ref and a deleted one from a moved one', () => {
    const zero = '0'.repeat(40);
    expect(read('push', { ...PAYLOADS['push'], before: zero })).toMatchObject({ before: null });
    expect(read('push', { ...PAYLOADS['push'], after: zero })).toMatchObject({ after: null });
  });

  it('of an unknown event is ignored, of an unknown action is read (B-020)', () => {
    expect(parse('sponsorship', {})).toEqual({ kind: 'ignored' });
    const payload = { ...PAYLOADS['pull_request'], action: 'teleported' };
    expect(read('pull_request', payload)).toMatchObject({ action: 'teleported' });
  });

  it('carries no address and no key it does not know', () => {
    const text = JSON.stringify(read('issue_comment', PAYLOADS['issue_comment']));
    expect(text).not.toContain('169.254');
    expect(text).not.toContain('node_id');
  });
});

describe('a webhook is refused', () => {
  it.each(['', '{', '[]', '3', 'null', '"x"', '{"action":"opened"}'])(
    'when its body is %j (B-011)',
    (body) => {
      const parsed = parseWebhook({ event: 'push', body: Buffer.from(body), receivedAt });
      expect(parsed.kind).toBe('refused');
    },
  );

  it('when it is nested a million levels deep, without a crash (B-012)', () => {
    const body = Buffer.from('['.repeat(1_000_000));
    expect(parseWebhook({ event: 'push', body, receivedAt })).toEqual({
      kind: 'refused',
      detail: 'nested more than 100 levels deep',
    });
  });

  it('not for brackets in a text', () => {
    const payload = { ...PAYLOADS['ping'], zen: `\\"${'['.repeat(500)}` };
    expect(parse('ping', payload).kind).toBe('event');
  });

  it.each([0, -5, 1.5, '12', 2 ** 53, null])('when a number is %j (B-017)', (number) => {
    const payload = sent({ action: 'x', pull_request: pullRequest({ number }) });
    expect(parse('pull_request', payload).kind).toBe('refused');
  });

  it('when an id is so long that JSON rounds it (B-017)', () => {
    const text = JSON.stringify(PAYLOADS['push']).replace('"id":77', '"id":9007199254740993');
    const parsed = parseWebhook({ event: 'push', body: Buffer.from(text), receivedAt });
    expect(parsed.kind).toBe('refused');
  });

  it.each(['../app', 'acme/..', 'acme', 'acme/app/x', 'acme%2fapp/x', 'acme/a b', ''])(
    'when its repository is called %j (B-022)',
    (full_name) => {
      const payload = { ...PAYLOADS['push'], repository: { id: 77, full_name } };
      expect(parse('push', payload).kind).toBe('refused');
    },
  );

  it.each(['9999-01-01T00:00:00Z', '1969-12-31T23:59:59Z', 'yesterday', '', null])(
    'when its time is %j (B-029)',
    (updated_at) => {
      const payload = sent({ action: 'x', pull_request: pullRequest({ updated_at }) });
      expect(parse('pull_request', payload).kind).toBe('refused');
    },
  );
});

describe('the text of a webhook', () => {
  it('has NUL and lone surrogates replaced, which the database cannot store (B-015, B-016)', () => {
    const { pullRequest: pull } = readPull({ title: 'a\0b', body: 'x\ud800y\udc00', labels: [] });
    expect([pull.title, pull.body]).toEqual(['a\ufffdb', 'x\ufffdy\ufffd']);
  });

  it('keeps whole surrogate pairs', () => {
    expect(readPull({ title: 'go 🚂' }).pullRequest.title).toBe('go 🚂');
  });

  it('cannot reach a prototype (B-013)', () => {
    const text = JSON.stringify(PAYLOADS['push']).replace('{', '{"__proto__":{"forced":true},');
    const parsed = parseWebhook({ event: 'push', body: Buffer.from(text), receivedAt });
    expect(parsed).toMatchObject({ kind: 'event', event: { forced: false } });
    expect(({} as Json)['forced']).toBeUndefined();
  });
});
