import { describe, expect, it } from '@jest/globals';
import { stagecoach } from '../conftest/cli.ts';
import {
  BranchRemoval,
  Delivery,
  Feedback,
  FetchJob,
  ForwardportJob,
  StatusJob,
} from '../../src/models/queues.ts';
import { aSite } from '../conftest/web.ts';
import type { TestSite } from '../conftest/web.ts';
import { addPull } from '../conftest/web-rows.ts';

/** Three issue jobs: one due, one scheduled, one given up. */
async function withJobs(site: TestSite): Promise<void> {
  await site.db.query(
    `insert into issue_job (repository_id, number, queued_at, attempts, retry_at, dead_at, last_error) values
      (1, 1, $1, 0, null, null, null),
      (1, 2, $1, 3, $2, null, 'again later'),
      (2, 3, $1, 10, null, $1, 'the issue is locked')`,
    [site.clock.now(), new Date('2026-05-04T10:00:00Z')],
  );
  await site.db.query('delete from cron_trigger');
}

describe('the queues', () => {
  it('show what waits, what is scheduled and what was given up', async () => {
    await using site = await aSite();
    await withJobs(site);
    const all = await site.call('GET', '/api/queues/issues');
    expect(all.json.items.map((row) => row.state)).toEqual(['dead', 'scheduled', 'due']);
    const dead = await site.call('GET', '/api/queues/issues?state=dead');
    expect(dead.json.items).toMatchObject([
      { id: 3, attempts: 10, last_error: 'the issue is locked', subject: { number: 3 } },
    ]);
    const counts = await site.call('GET', '/api/queues');
    expect(counts.json.items).toContainEqual({ name: 'issues', waiting: 2, due: 1, dead: 1 });
  });

  it('give a dead row all its tries again and wake its cron', async () => {
    await using site = await aSite();
    await withJobs(site);
    const answer = await site.call('POST', '/api/queues/issues/3/retry');
    expect(answer.status).toBe(202);
    const rows = await site.db.query<unknown[]>(
      'select attempts, dead_at from issue_job where id = 3',
    );
    expect(rows).toEqual([{ attempts: 0, dead_at: null }]);
    const status = await site.call('GET', '/api/status');
    expect(status.json.crons.find((cron) => cron.name === 'issues')?.due).toBe(true);
  });

  it('drop a row and keep in the audit log what it was', async () => {
    await using site = await aSite();
    await withJobs(site);
    const body = { reason: 'closed by hand' };
    expect((await site.call('DELETE', '/api/queues/issues/3', { body })).status).toBe(200);
    expect((await site.call('DELETE', '/api/queues/issues/3')).status).toBe(404);
    const audit = await site.call('GET', '/api/audit?action=queue.drop');
    expect(audit.json.items).toMatchObject([
      { object: 'queue:issues/3', reason: 'closed by hand', before: { number: 3 } },
    ]);
  });

  it('do not show or touch what is done', async () => {
    await using site = await aSite();
    await site.deliver('{}');
    await site.db.query('update delivery set done_at = $1', [site.clock.now()]);
    expect((await site.call('GET', '/api/queues/deliveries')).json.items).toEqual([]);
    expect((await site.call('POST', '/api/queues/deliveries/1/retry')).status).toBe(404);
  });

  it('never show the body of a delivery', async () => {
    await using site = await aSite();
    await site.deliver('{"secret":"kept"}');
    const { json } = await site.call('GET', '/api/queues/deliveries');
    expect(Object.keys(json.items[0]?.subject ?? {}).sort()).toEqual([
      'event',
      'guid',
      'line',
      'outcome',
    ]);
  });

  it('name what a row is about as people name it, in the API, on the page and on the command line', async () => {
    await using site = await aSite();
    const { db } = site;
    const app = await addPull(db, { number: 5, title: 'door', state: 'ready' });
    await addPull(db, { number: 7, title: 'door', state: 'ready', repository: 'web', with: app });
    const [at, row] = [{ repositoryId: 1, number: 5 }, { queuedAt: site.clock.now() }];
    const { manager } = db;
    await manager.insert(ForwardportJob, { ...row, batchId: app.batchId, kind: 'merge' });
    await manager.insert(BranchRemoval, { ...row, pullRequestId: app.id });
    await manager.insert(StatusJob, { ...row, repositoryId: 2, sha: 'f'.repeat(40) });
    await manager.insert(FetchJob, { ...row, ...at, personId: 1 });
    await manager.insert(Feedback, { ...row, ...at, kind: 'comment', key: 'x', payload: {} });
    const delivery = { guid: 'x', event: 'issue_comment', body: Buffer.from(''), line: '1#5' };
    await manager.insert(Delivery, { ...row, ...delivery });
    const [{ login }] = await db.query<[{ login: string }]>(
      'select login from person where id = 1',
    );
    const expected = {
      forwardport: 'acme/app#5, acme/web#7: merge',
      'branch-removal': 'acme/app#5',
      statuses: 'acme/web@ffffffffffff',
      fetch: `acme/app#5: ${login}`,
      feedback: 'acme/app#5: comment',
      deliveries: 'acme/app#5: issue_comment',
    };
    for (const [name, about] of Object.entries(expected)) {
      const { json } = await site.call('GET', `/api/queues/${name}`);
      expect([name, json.items[0]?.about]).toEqual([name, about]);
    }
    const page = await site.call('GET', '/queues?name=forwardport');
    expect(page.text).toContain('<a href="/acme/web/pull/7">acme/web#7</a>');
    const told = await stagecoach(['queue', 'list', 'feedback'], { STAGECOACH_URL: site.url });
    expect(told.stdout).toMatch(/^1 +due .* acme\/app#5: comment/m);
  });

  it('are paged by a cursor, with limits that are clamped', async () => {
    await using site = await aSite();
    await withJobs(site);
    const first = await site.call('GET', '/api/queues/issues?limit=2');
    expect([first.json.items.length, first.json.next]).toEqual([2, 2]);
    const second = await site.call('GET', `/api/queues/issues?limit=2&after=${first.json.next}`);
    expect([second.json.items.length, second.json.next]).toEqual([1, undefined]);
    for (const limit of ['-1', '0', 'NaN', '1e9', 'x'])
      expect((await site.call('GET', `/api/queues/issues?limit=${limit}`)).status).toBe(200);
    expect((await site.call('GET', '/api/queues/issues?limit=-1')).json.items).toHaveLength(1);
  });

  it.each([
    ['GET', '/api/queues/none'],
    ['GET', '/api/queues/cron_trigger'],
    ['POST', '/api/queues/issues/99/retry'],
  ])('answer %s %s with 404', async (method, path) => {
    await using site = await aSite();
    expect((await site.call(method, path)).status).toBe(404);
  });

  it.each([
    '/api/queues/issues/0/retry',
    '/api/queues/issues/1;drop/retry',
    '/api/queues/issues/9e99/retry',
  ])('refuse ids that are none: %s', async (path) => {
    await using site = await aSite();
    expect((await site.call('POST', path)).status).toBe(400);
  });
});
