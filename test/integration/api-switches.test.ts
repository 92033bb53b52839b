import { describe, expect, it } from '@jest/globals';
import { aSite } from '../conftest/web.ts';
import type { TestSite } from '../conftest/web.ts';

const wakes = (site: TestSite, cron: string) =>
  site.db.query<unknown[]>('select from cron_trigger where cron = $1', [cron]);

describe('GET /api/status', () => {
  it('is idle while nothing is due, and not from the moment something is', async () => {
    await using site = await aSite();
    expect((await site.call('GET', '/api/status')).json.idle).toBe(true);
    await site.deliver('{}');
    const { json } = await site.call('GET', '/api/status');
    expect(json.idle).toBe(false);
    expect(json.queues.deliveries).toEqual({ waiting: 1, due: 1, dead: 0 });
    expect(json.now).toBe('2026-05-04T08:00:00.000Z');
  });

  it('is idle although a switched-off cron has work', async () => {
    await using site = await aSite();
    const off = { active: false, reason: 'maintenance of the receiver' };
    await site.call('PATCH', '/api/crons/deliveries', { body: off });
    await site.deliver('{}');
    expect((await site.call('GET', '/api/status')).json.idle).toBe(true);
  });

  it('is idle although a row waits for its time, until that has come', async () => {
    await using site = await aSite();
    await site.db.query(
      `insert into issue_job (repository_id, number, queued_at, retry_at) values (1, 1, $1, '2026-05-04T09:00Z')`,
      [site.clock.now()],
    );
    await site.db.query(`delete from cron_trigger where run_at = '-infinity'`);
    expect((await site.call('GET', '/api/status')).json.idle).toBe(true);
    site.clock.set('2026-05-04T09:00:01Z');
    const { json } = await site.call('GET', '/api/status');
    expect([json.idle, json.queues.issues.due]).toEqual([false, 1]);
  });

  it('is not idle while a cron runs', async () => {
    await using site = await aSite();
    await site.db.query(
      `update cron set lease_until = clock_timestamp() + interval '30s' where name = 'merge'`,
    );
    expect((await site.call('GET', '/api/status')).json.idle).toBe(false);
  });
});

describe('the switch of a cron', () => {
  it('carries who, when, why and until when, and is audited', async () => {
    await using site = await aSite();
    const body = { active: false, reason: 'CI moves house', until: '2026-05-04T12:00:00Z' };
    const { status, json } = await site.call('PATCH', '/api/crons/staging', { body });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      name: 'staging',
      active: false,
      reason: 'CI moves house',
      changed_by: 'local',
      changed_at: '2026-05-04T08:00:00.000Z',
      until: '2026-05-04T12:00:00.000Z',
    });
    const audit = await site.call('GET', '/api/audit?object=cron:staging');
    expect(audit.json.items).toMatchObject([
      { action: 'cron.disable', actor: 'local', via: 'api', reason: 'CI moves house' },
    ]);
  });

  it('wakes the cron when it is turned on, and only then', async () => {
    await using site = await aSite();
    const off = { active: false, reason: 'off' };
    await site.call('PATCH', '/api/crons/forwardport', { body: off });
    expect(await wakes(site, 'forwardport')).toHaveLength(0);
    await site.call('PATCH', '/api/crons/forwardport', { body: { active: true, reason: 'on' } });
    expect(await wakes(site, 'forwardport')).toHaveLength(1);
  });

  it('wakes a cron on demand', async () => {
    await using site = await aSite();
    const { status } = await site.call('POST', '/api/crons/merge/trigger');
    expect([status, (await wakes(site, 'merge')).length]).toEqual([202, 1]);
  });

  it.each<[string, unknown]>([
    ['no reason', { active: false }],
    ['an empty reason', { active: false, reason: ' \u0000 ' }],
    ['a field it does not know', { active: false, reason: 'x', epoch: 3 }],
    ['a string for a boolean', { active: 'no', reason: 'x' }],
    ['a time that has passed', { active: false, reason: 'x', until: '2020-01-01T00:00:00Z' }],
    ['an end of being on', { active: true, reason: 'x', until: '2030-01-01T00:00:00Z' }],
    ['no object', '[1]'],
    ['no JSON', '{'],
  ])('refuses %s and changes nothing', async (_name, body) => {
    await using site = await aSite();
    const answer = await site.call('PATCH', '/api/crons/staging', { body });
    expect([answer.status, typeof answer.json.message]).toEqual([400, 'string']);
    const crons = await site.call('GET', '/api/crons');
    expect(crons.json.items.every((cron) => cron.active)).toBe(true);
    expect((await site.call('GET', '/api/audit')).json.items).toEqual([]);
  });

  it('is not there for a name that is no cron', async () => {
    await using site = await aSite();
    const body = { active: false, reason: 'x' };
    expect((await site.call('PATCH', '/api/crons/nothing', { body })).status).toBe(404);
  });
});

describe('the switches of projects and branches', () => {
  it('stop staging on one branch, with a trace', async () => {
    await using site = await aSite();
    const body = { staging_enabled: false, reason: 'release week' };
    const answer = await site.call('PATCH', '/api/projects/acme/branches/18.0', { body });
    expect(answer.json).toEqual({ name: 'acme/18.0', active: true, staging_enabled: false });
    const rows = await site.db.query<unknown[]>(
      'select name from branch where not staging_enabled',
    );
    expect(rows).toEqual([{ name: '18.0' }]);
    const audit = await site.call('GET', '/api/audit?object=branch:acme/18.0');
    expect(audit.json.items).toMatchObject([
      {
        action: 'branch.switch',
        before: { staging_enabled: true },
        after: { staging_enabled: false },
      },
    ]);
  });

  it('switch a project, and wake staging when it goes on again', async () => {
    await using site = await aSite();
    const turn = (staging_enabled: boolean) =>
      site.call('PATCH', '/api/projects/acme', { body: { staging_enabled, reason: 'x' } });
    expect((await turn(false)).json.staging_enabled).toBe(false);
    expect(await wakes(site, 'staging')).toHaveLength(0);
    await turn(true);
    expect(await wakes(site, 'staging')).toHaveLength(1);
  });

  it('refuse unknown names and empty changes', async () => {
    await using site = await aSite();
    const body = { active: false, reason: 'x' };
    expect((await site.call('PATCH', '/api/projects/none', { body })).status).toBe(404);
    const nothing = await site.call('PATCH', '/api/projects/acme', { body: { reason: 'x' } });
    expect(nothing.status).toBe(400);
  });
});
