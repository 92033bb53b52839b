import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aSite } from '../conftest/web.ts';
import type { TestSite } from '../conftest/web.ts';
import { addPull, addStaging, addStatus } from '../conftest/web-rows.ts';
import type { PullRow } from '../conftest/web-rows.ts';

let site: TestSite;
let source: PullRow;
let waiting: PullRow;
let running: number;

beforeAll(async () => {
  site = await aSite();
  const { db } = site;
  source = await addPull(db, {
    ...{ number: 1, onto: '17.0', title: 'Fix', state: 'merged', mergedSha: 'a'.repeat(40) },
  });
  const port = await addPull(db, {
    number: 2,
    onto: '18.0',
    title: 'Fix',
    state: 'validated',
    source,
    parent: source,
  });
  await addPull(db, {
    number: 3,
    onto: 'master',
    title: 'Fix',
    state: 'opened',
    source,
    parent: port,
  });
  const staged = await addPull(db, { number: 10, title: 'Staged', state: 'ready' });
  running = await addStaging(db, {
    state: 'pending',
    pulls: [staged],
    statuses: { app: 'pending' },
  });
  waiting = await addPull(db, {
    number: 11,
    title: 'Waits',
    state: 'approved',
    blocked: 'it waits for CI',
  });
  await addStatus(db, {
    repository: 'app',
    sha: waiting.head,
    state: 'failure',
    url: 'https://ci.test/9',
  });
});
afterAll(() => site[Symbol.asyncDispose]());

const pull = (number: number) => site.call('GET', `/api/pulls/acme/app/${number}`);

describe('GET /api/pulls', () => {
  it('gives the object of the contract', async () => {
    const { json } = await pull(11);
    expect(json).toMatchObject({
      repository: 'acme/app',
      number: 11,
      url: 'https://github.test/acme/app/pull/11',
      title: 'Waits',
      state: 'approved',
      draft: false,
      head: waiting.head,
      target: 'master',
      author: 'alice',
      approved_by: 'rita',
      approved_sha: waiting.head,
      merge_method: null,
      priority: 'default',
      blocked: 'it waits for CI',
      statuses: [
        { context: 'ci/test', state: 'failure', required: true, url: 'https://ci.test/9' },
      ],
      batch: waiting.batchId,
      staging: null,
      merged_sha: null,
      ...{ source: null, parent: null, root: null, detach_reason: null, forwardports: [] },
      ...{ limit: null, fw_policy: 'default' },
    });
  });

  it('says why it is not merging, gate by gate, and who can act (R12)', async () => {
    const { json } = await pull(11);
    const closed = (json as unknown as { gates: { gate: string; ok: boolean }[] }).gates;
    expect(closed.filter((gate) => !gate.ok)).toMatchObject([
      { gate: 'statuses', detail: 'failed: ci/test', who_can_act: 'author' },
      {
        gate: 'turn',
        detail: `staging ${running} runs first, waits for ci/test`,
        who_can_act: 'bot',
      },
    ]);
  });

  it('names who switched staging off on its branch, and why', async () => {
    const turn = (staging_enabled: boolean) =>
      site.call('PATCH', '/api/projects/acme/branches/master', {
        body: { staging_enabled, reason: 'release week' },
      });
    await turn(false);
    const { json } = await pull(11);
    await turn(true);
    expect(json).toMatchObject({
      gates: expect.arrayContaining([
        expect.objectContaining({
          gate: 'branch-staging',
          ok: false,
          detail: 'staging on master is off by local: release week',
        }),
      ]) as unknown,
    });
  });

  it('shows the chain of a port from both ends', async () => {
    expect((await pull(1)).json).toMatchObject({
      merged_sha: 'a'.repeat(40),
      blocked: null,
    });
    expect((await pull(3)).json).toMatchObject({
      source: { name: 'acme/app#1', target: '17.0', state: 'merged' },
      parent: { name: 'acme/app#2', target: '18.0' },
      root: { name: 'acme/app#1' },
    });
  });

  it('says in which running staging it is', async () => {
    expect((await pull(10)).json).toMatchObject({ staging: running });
  });

  it.each([
    ['/api/pulls/acme/app/999', 404],
    ['/api/pulls/acme/none/1', 404],
    ['/api/pulls/acme/app/abc', 400],
    ['/api/pulls/acme/app/99999999999', 400],
    ["/api/pulls/acme/app'--/1", 404],
    ['/api/batches/0', 400],
    ['/api/batches/999', 404],
  ])('answers %s with %i', async (path, status) => {
    expect((await site.call('GET', path)).status).toBe(status);
  });
});

describe('GET /api/batches', () => {
  it('gives a batch with its pull requests', async () => {
    const { json } = await site.call('GET', `/api/batches/${waiting.batchId}`);
    expect(json).toMatchObject({
      project: 'acme',
      target: 'master',
      blocked: 'it waits for CI',
      pulls: [{ name: 'acme/app#11', state: 'approved' }],
    });
  });
});

describe('the stagings', () => {
  it('are listed newest first, by project, branch and state, with what CI says of each head', async () => {
    const { json } = await site.call(
      'GET',
      '/api/stagings?project=acme&branch=master&state=pending',
    );
    expect(json.items).toMatchObject([
      {
        id: running,
        state: 'pending',
        active: true,
        batches: [{ pulls: [{ name: 'acme/app#10' }] }],
        heads: { 'acme/app': { changed: true }, 'acme/web': { changed: true } },
        statuses: [
          { repository: 'acme/app', context: 'ci/test', state: 'pending' },
          { repository: 'acme/web', context: 'ci/test', state: 'absent' },
        ],
      },
    ]);
    const none = await site.call('GET', '/api/stagings?branch=17.0');
    expect(none.json.items).toEqual([]);
  });

  it('refuse a state that is none', async () => {
    expect((await site.call('GET', '/api/stagings?state=green')).status).toBe(400);
  });

  it('are cancelled once, with a reason in the audit log', async () => {
    const staged = await addPull(site.db, { number: 20, onto: '18.0', title: 'C', state: 'ready' });
    const id = await addStaging(site.db, { onto: '18.0', state: 'pending', pulls: [staged] });
    const body = { reason: 'CI is down' };
    const first = await site.call('POST', `/api/stagings/${id}/cancel`, { body });
    expect(first.json).toMatchObject({
      id,
      state: 'cancelled',
      active: false,
      reason: 'CI is down',
    });
    expect((await site.call('POST', `/api/stagings/${id}/cancel`, { body })).status).toBe(409);
    const audit = await site.call('GET', `/api/audit?object=staging:${id}`);
    expect(audit.json.items).toMatchObject([{ action: 'staging.cancel', reason: 'CI is down' }]);
  });

  it('are retried by making their batches a split, unless one has changed since', async () => {
    const staged = await addPull(site.db, { number: 21, onto: '18.0', title: 'D', state: 'ready' });
    const id = await addStaging(site.db, { onto: '18.0', state: 'failure', pulls: [staged] });
    const body = { reason: 'CI was down' };
    expect((await site.call('POST', `/api/stagings/${id}/retry`, { body })).status).toBe(202);
    const rows = await site.db.query<unknown[]>(
      'select s.staging_id from batch b join split s on s.id = b.split_id where b.id = $1',
      [staged.batchId],
    );
    expect(rows).toEqual([{ staging_id: id }]);
    await site.db.query(`update batch set blocked = 'it was closed' where id = $1`, [
      staged.batchId,
    ]);
    const again = await site.call('POST', `/api/stagings/${id}/retry`, { body });
    expect([again.status, again.json.message]).toEqual([
      409,
      `cannot retry staging ${id}: batch ${staged.batchId} is blocked: it was closed`,
    ]);
    const running409 = await site.call('POST', `/api/stagings/${running}/retry`, { body });
    expect(running409.status).toBe(409);
  });
});

describe('GET /api/forwardports', () => {
  it('lists ports that have not landed, with their source', async () => {
    const { json } = await site.call('GET', '/api/forwardports');
    expect(json.items).toMatchObject([
      { number: 2, target: '18.0', source: { number: 1, author: 'alice', approved_by: 'rita' } },
      { number: 3, target: 'master' },
    ]);
  });

  it('filters by person, team and age', async () => {
    await site.db.query(`update person set team = 'doors' where login = 'alice'`);
    const of = async (query: string) =>
      (await site.call('GET', `/api/forwardports?${query}`)).json.items.length;
    expect([await of('person=rita'), await of('person=bob')]).toEqual([2, 0]);
    expect([await of('team=doors'), await of('team=windows')]).toEqual([2, 0]);
    expect([await of('days=0'), await of('days=3')]).toEqual([2, 0]);
  });
});

describe('POST /api/reconcile', () => {
  it('queues the open pull requests of one repository, or wakes the cron for all', async () => {
    const body = { repository: 'acme/app' };
    const { json } = await site.call('POST', '/api/reconcile', { body });
    const [row] = await site.db.query<[{ count: number }]>('select count(*)::int from fetch_job');
    expect(json).toMatchObject({ queued: row.count });
    expect(row.count).toBeGreaterThan(3);
    await site.call('POST', '/api/reconcile');
    const wakes = await site.db.query<unknown[]>(
      `select from cron_trigger where cron = 'reconcile'`,
    );
    expect(wakes).toHaveLength(1);
    expect(
      (await site.call('POST', '/api/reconcile', { body: { repository: 'no/such' } })).status,
    ).toBe(404);
  });
});
