import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import type { DataSource } from 'typeorm';
import { aSite, bearer, loggedIn, OAUTH as oauth } from '../../conftest/web.ts';
import type { TestSite } from '../../conftest/web.ts';
import { addPull, addStaging } from '../../conftest/web-rows.ts';

/** How each route that changes something is called rightly. A new one without a line here fails the sweep. */
const CHANGES: Readonly<Record<string, { readonly path: string; readonly body?: object }>> = {
  'PATCH /api/crons/:name': {
    path: '/api/crons/merge',
    body: { active: false, reason: 'a test' },
  },
  'POST /api/crons/:name/trigger': { path: '/api/crons/merge/trigger' },
  'PATCH /api/projects/:project': {
    path: '/api/projects/acme',
    body: { staging_enabled: false, reason: 'a test' },
  },
  'PATCH /api/projects/:project/branches/:branch': {
    path: '/api/projects/acme/branches/17.0',
    body: { active: false, reason: 'a test' },
  },
  'PATCH /api/projects/:project/branches/:branch/splits': {
    path: '/api/projects/acme/branches/17.0/splits',
    body: { on_fail: 'join', reason: 'a test' },
  },
  'PATCH /api/projects/:project/rights/:command': {
    path: '/api/projects/acme/rights/priority',
    body: { roles: ['author'], reason: 'a test' },
  },
  'DELETE /api/projects/:project/rights/:command': {
    path: '/api/projects/acme/rights/priority',
    body: { reason: 'a test' },
  },
  'POST /api/queues/:name/:id/retry': { path: '/api/queues/issues/1/retry' },
  'DELETE /api/queues/:name/:id': { path: '/api/queues/issues/1' },
  'POST /api/stagings/:id/cancel': { path: '/api/stagings/1/cancel', body: { reason: 'a test' } },
  'POST /api/stagings/:id/retry': { path: '/api/stagings/2/retry', body: { reason: 'a test' } },
  'POST /api/stagings/:id/finish': { path: '/api/stagings/3/finish', body: { reason: 'a test' } },
  'POST /api/stagings/:id/revert': { path: '/api/stagings/3/revert', body: { reason: 'a test' } },
  'POST /api/batches/:id/split-off': {
    path: '/api/batches/4/split-off',
    body: { pull: 'acme/web#5', label: 'alice:other', reason: 'a test' },
  },
  'POST /api/reconcile': { path: '/api/reconcile' },
};

/** Those that change nothing an admin would: everybody may call them, and each says why. */
const OPEN: Readonly<Record<string, string>> = {
  'POST /webhooks/github': 'needs a signature instead',
  'POST /logout': 'ends the login of whoever calls it',
};

const routes: { method: string; url: string }[] = [];
let site: TestSite;
let admin: Record<string, string>;

beforeAll(async () => {
  const watch = (message: unknown): void => {
    const { fastify } = message as { fastify: FastifyInstance };
    fastify.addHook('onRoute', ({ method, url }) => {
      for (const one of [method].flat()) routes.push({ method: one, url });
    });
  };
  subscribe('fastify.initialization', watch);
  site = await aSite({ oauth });
  unsubscribe('fastify.initialization', watch);
  admin = await bearer(site.db);
  await fillRows(site.db);
});
afterAll(() => site[Symbol.asyncDispose]());

async function fillRows(db: DataSource): Promise<void> {
  const running = await addPull(db, { number: 1, title: 'Running', state: 'ready' });
  await addStaging(db, { state: 'pending', pulls: [running] });
  const failed = await addPull(db, { number: 2, title: 'Failed', state: 'ready' });
  await addStaging(db, { onto: '18.0', state: 'failure', pulls: [failed] });
  const half = await addPull(db, { number: 3, title: 'Half landed', state: 'ready' });
  await addStaging(db, { onto: '17.0', state: 'failure', pulls: [half] });
  await db.query(`update staging set state = 'partial', ended_at = null where id = 3`);
  const first = await addPull(db, { number: 4, title: 'Linked', state: 'opened' });
  await addPull(db, {
    number: 5,
    title: 'Linked',
    state: 'opened',
    repository: 'web',
    with: first,
  });
  await db.query(
    `insert into issue_job (id, repository_id, number, queued_at, dead_at) values (1, 1, 1, $1, $1)`,
    [new Date(0)],
  );
}

/** Everything that is in any table. */
async function everything(db: DataSource): Promise<string> {
  const [row] = await db.query<[{ all: string }]>(
    `select string_agg(query_to_xml(format('select t::text from %I t', tablename), true, false, '')::text, '' order by tablename)
        as all from pg_tables where schemaname = 'public'`,
  );
  return row.all;
}

const changing = () =>
  routes.filter(
    ({ method, url }) => !['GET', 'HEAD'].includes(method) && !/^\/api(?:\/\*)?$/.test(url),
  );
const call = (route: string, headers: Record<string, string>) => {
  const { path, body } = CHANGES[route] ?? { path: '/none' };
  const [method = ''] = route.split(' ');
  return site.call(method, path, { headers, ...(body && { body }) });
};

describe('every route that changes something', () => {
  it('is known to this sweep', () => {
    const found = changing().map(({ method, url }) => `${method} ${url}`);
    expect(found.sort()).toEqual([...Object.keys(CHANGES), ...Object.keys(OPEN)].sort());
    expect(routes.length).toBeGreaterThan(30);
  });

  it.each(Object.keys(CHANGES))(
    'B-095 refuses strangers and people without the right: %s',
    async (route) => {
      const withoutRight = await loggedIn(site.db, 78);
      const before = await everything(site.db);
      expect((await call(route, {})).status).toBe(401);
      expect((await call(route, { cookie: 'sid=nobody' })).status).toBe(401);
      expect((await call(route, withoutRight)).status).toBe(403);
      expect(await everything(site.db)).toBe(before);
    },
  );

  it.each(Object.keys(CHANGES))(
    'B-096 refuses what another site sends with an admin’s own token: %s',
    async (route) => {
      const before = await everything(site.db);
      const foreign = { ...admin, origin: 'https://evil.example' };
      expect((await call(route, foreign)).status).toBe(403);
      expect(await everything(site.db)).toBe(before);
    },
  );

  it.each(Object.keys(CHANGES))('changes nothing when it cannot be audited: %s', async (route) => {
    await site.db.query('alter table audit rename to gone');
    const before = await everything(site.db);
    const { status } = await call(route, admin);
    const after = await everything(site.db);
    await site.db.query('alter table gone rename to audit');
    site.alarms.splice(0);
    expect([status, after]).toEqual([500, before]);
  });

  it.each(Object.keys(CHANGES))('leaves one line in the audit log: %s', async (route) => {
    const lines = () => site.db.query<{ id: number }[]>('select id from audit');
    const before = await lines();
    expect([200, 202]).toContain((await call(route, admin)).status);
    const after = await lines();
    expect(after).toHaveLength(before.length + 1);
    const rows = await site.db.query<unknown[]>(
      'select actor, object, action from audit order by id desc limit 1',
    );
    expect(rows).toEqual([
      { actor: 'token:robot', object: expect.any(String), action: expect.any(String) },
    ]);
  });
});
