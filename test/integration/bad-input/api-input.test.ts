import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addPull, addStaging } from '../../conftest/web-rows.ts';
import { aSite, bearer, loggedIn, OAUTH } from '../../conftest/web.ts';
import type { CallOptions, TestSite } from '../../conftest/web.ts';
import { speakRaw } from './raw-http.ts';

const off = { active: false, reason: 'a test' };
let site: TestSite;
beforeAll(async () => {
  site = await aSite();
  const pull = await addPull(site.db, { number: 1, title: 'One', state: 'ready' });
  await addStaging(site.db, { state: 'pending', pulls: [pull] });
});
afterAll(() => site[Symbol.asyncDispose]());

describe('a project’s admin', () => {
  it('B-095 changes nothing of another project, nor what belongs to all', async () => {
    await using own = await aSite({ oauth: OAUTH });
    const { db } = own;
    await db.query(`insert into project (name, bot, settings) values ('other', 'bot', '{}')`);
    await db.query(`insert into branch (project_id, name, sequence) values (2, 'main', 0)`);
    await db.query(`insert into person (login, github_id) values ('rita', 77)`);
    await db.query(`insert into access_right (person_id, project_id, kind) values (1, 2, 'admin')`);
    const pull = await addPull(db, { number: 1, title: 'One', state: 'ready' });
    await addStaging(db, { state: 'pending', pulls: [pull] });
    const headers = await loggedIn(db, 77);
    const status = async (method: string, path: string, body: object) =>
      (await own.call(method, path, { headers, body })).status;
    const why = { reason: 'a test' };
    const enable = { staging_enabled: false, ...why };
    expect(await status('PATCH', '/api/projects/other', enable)).toBe(200);
    expect(await status('PATCH', '/api/projects/other/branches/main', enable)).toBe(200);
    expect(await status('PATCH', '/api/projects/acme', enable)).toBe(403);
    expect(await status('PATCH', '/api/projects/acme/branches/18.0', enable)).toBe(403);
    expect(await status('POST', '/api/stagings/1/cancel', why)).toBe(403);
    expect(await status('PATCH', '/api/crons/merge', off)).toBe(403);
    expect(await status('DELETE', '/api/queues/issues/1', why)).toBe(403);
  });
});

describe('reading', () => {
  it.each([
    ['B-099 a sort with a statement in it', '/api/stagings?order=id;select+pg_sleep(10)'],
    ['B-099 a sort by a column that is none', '/api/audit?sort=(select+1)&order_by=hash'],
    ['B-100 an operator as a filter', '/api/stagings?project[$ne]='],
    ['B-100 a filter nobody knows', '/api/forwardports?id='],
  ])('is not steered by %s', async (_name, path) => {
    const plain = await site.call('GET', path.split('?')[0] ?? '');
    const answer = await site.call('GET', path);
    expect([answer.status, answer.json.items]).toEqual([200, plain.json.items]);
  });

  it.each([
    ['B-100 the same filter twice', '/api/stagings?project=a&project=b'],
    ['B-100 an empty id', '/api/batches/'],
    ['B-100 undefined for an id', '/api/stagings/undefined'],
    ['B-100 null for an id', '/api/batches/null'],
    ['B-101 an id beyond the integers', '/api/stagings/99999999999999999999'],
    ['B-101 an id with a sign', '/api/batches/-1'],
    ['B-101 a cursor that is no number', '/api/audit?after=NaN'],
    ['B-101 a cursor beyond the integers', '/api/audit?after=1e12'],
    ['B-102 a NUL in a path', '/api/crons/merge%00'],
    ['B-102 a crooked escape', '/api/crons/%E0%A4%A'],
    ['B-102 a path out of the assets', '/assets/..%2f..%2fpackage.json'],
    ['B-102 a path out of a queue', '/api/queues/..%2f..%2fcrons'],
    ['a route that does not exist', '/api/nope'],
    ['a route below one that exists', '/api/crons/merge/nope'],
    ['a time that is none', '/api/audit?since=yesterday'],
    ['a state that is none', '/api/stagings?state=exploded'],
  ])('is refused with %s', async (_name, path) => {
    const { status, json } = await site.call('GET', path);
    expect([[400, 404].includes(status), typeof json.message]).toEqual([true, 'string']);
    expect(site.alarms).toEqual([]);
  });

  it('says so in JSON when there is no such route, by any method', async () => {
    for (const [method, path] of [
      ['GET', '/api/nope'],
      ['POST', '/api/nope'],
      ['DELETE', '/api/crons'],
      ['GET', '/api'],
      ['PUT', '/api/a/b/c'],
    ] as const) {
      const { status, text } = await site.call(method, path, { headers: { accept: 'text/html' } });
      expect([path, status, text]).toEqual([path, 404, '{"message":"no such route"}']);
    }
  });

  it.each([
    ['-1', 1],
    ['0', 1],
    ['1e9', 200],
    ['NaN', 50],
    ['2.7', 2],
    ['Infinity', 50],
    ['', 1],
    ['0x10', 16],
    ['٣', 50],
  ])('B-101 takes a limit of %j as %d', async (limit, most) => {
    await using many = await aSite();
    await many.db.query(
      `insert into audit (at, actor, via, action, object) select now(), 'x', 'api', 'x', 'x' from generate_series(1, 250)`,
    );
    const { status, json } = await many.call(
      'GET',
      `/api/audit?limit=${encodeURIComponent(limit)}`,
    );
    expect([status, json.items.length]).toEqual([200, most]);
  });

  it('B-104 is JSON alone: nothing is there that a spreadsheet would open', async () => {
    for (const path of ['/api/stagings', '/api/audit', '/api/forwardports', '/api/queues']) {
      const headers = { accept: 'text/csv' };
      const { headers: told } = await site.call('GET', path, { headers });
      expect(told.get('content-type')).toBe('application/json; charset=utf-8');
    }
  });
});

describe('a body', () => {
  const nested = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`;
  it.each<[string, CallOptions, number]>([
    ['B-105 of 10 MB', { body: { ...off, reason: 'x'.repeat(10_000_000) } }, 413],
    ['B-105 nested 10,000 deep', { body: nested }, 400],
    ['B-105 with a field nobody knows', { body: { ...off, admin: true } }, 400],
    ['B-105 with another type', { body: { active: 'false', reason: 'x' } }, 400],
    ['B-105 with a prototype', { body: `{"__proto__":{"active":false},"reason":"x"}` }, 400],
    ['B-105 that is a list', { body: [off] }, 400],
    ['B-105 that is null', { body: 'null' }, 400],
    ['B-105 that is no JSON', { body: '{active:false}' }, 400],
    ['B-096 that calls itself text', { body: off, headers: { 'content-type': 'text/plain' } }, 415],
    ['B-009 that is compressed', { body: off, headers: { 'content-encoding': 'gzip' } }, 415],
    [
      'B-101 that ends beyond all times',
      { body: { ...off, until: '+999999-01-01T00:00:00Z' } },
      400,
    ],
  ])('is refused %s, and changes nothing', async (_name, options, status) => {
    const before = await site.db.query<unknown[]>('select * from cron order by name');
    const answer = await site.call('PATCH', '/api/crons/merge', options);
    expect([answer.status, typeof answer.json.message]).toEqual([status, 'string']);
    expect(await site.db.query('select * from cron order by name')).toEqual(before);
    expect(site.alarms).toEqual([]);
  });

  it('B-105 does not change the prototype of anything', async () => {
    await site.call('POST', '/api/reconcile', { body: '{"__proto__":{"polluted":true}}' });
    await site.call('POST', '/api/reconcile', {
      body: '{"constructor":{"prototype":{"polluted":true}}}',
    });
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });
});

describe('two admins at once', () => {
  it('B-109 do not undo each other: the slower one is told what is', async () => {
    await using own = await aSite();
    const turn = (active: boolean) =>
      own.call('PATCH', '/api/crons/staging', {
        body: { active: !active, reason: 'mine', expected: { active } },
      });
    const answers = await Promise.all([turn(true), turn(true)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const late = answers.find(({ status }) => status === 409);
    expect(late?.json.message).toBe(
      'somebody was faster: active is false now. Look again before you change it',
    );
    const trigger = await own.call('POST', '/api/crons/staging/trigger', {
      body: { expected: { active: true } },
    });
    expect(trigger.status).toBe(409);
    expect((await own.call('GET', '/api/audit')).json.items).toHaveLength(1);
  });

  it('B-109 on one branch: both switches are compared, and the audit tells what really was before', async () => {
    await using own = await aSite();
    const headers = await bearer(own.db);
    const change = (body: object) =>
      own.call('PATCH', '/api/projects/acme/branches/18.0', {
        headers,
        body: { reason: 'mine', ...body },
      });
    const expected = { staging_enabled: true, active: true };
    expect((await change({ active: false, expected })).status).toBe(200);
    expect((await change({ staging_enabled: false, expected })).status).toBe(409);
    expect((await change({ staging_enabled: false })).status).toBe(200);
    const { json } = await own.call('GET', '/api/audit');
    expect(json.items).toMatchObject([
      { before: { active: false, staging_enabled: true }, after: { staging_enabled: false } },
      { before: { active: true, staging_enabled: true }, after: { active: false } },
    ]);
  });

  it('B-109 find the buttons of the pages to say what they believe', async () => {
    const { text } = await site.call('GET', '/crons');
    expect(text).toContain(
      'data-body="{&quot;active&quot;:false,&quot;expected&quot;:{&quot;active&quot;:true}}"',
    );
    expect((await site.call('GET', '/')).text).toContain(
      '&quot;expected&quot;:{&quot;staging_enabled',
    );
  });
});

describe('every answer', () => {
  it.each([
    ['a page', '/', 200],
    ['an error as a page', '/acme/none', 404],
    ['JSON', '/api/crons', 200],
    ['an error as JSON', '/api/nope', 404],
    ['an asset', '/assets/app.js', 200],
    ['a picture', '/acme/app/pull/1.svg', 200],
    ['a bad request', '/api/crons/%00', 400],
  ])('B-110 cannot be framed, sniffed or kept by others: %s', async (_name, path, status) => {
    const { headers, ...answer } = await site.call('GET', path, {
      headers: { accept: 'text/html' },
    });
    expect(answer.status).toBe(status);
    expect(headers.get('content-security-policy')).toContain(`frame-ancestors 'none'`);
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    const kept = /\.(?:svg|js)$/.test(path) ? /max-age=60|no-cache/ : /^no-store$/;
    expect(headers.get('cache-control')).toMatch(kept);
  });

  it('B-110 tells nothing of its makers', async () => {
    const { text } = await speakRaw(site.url, [
      'GET /api/nope HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    ]);
    expect(text).not.toMatch(/^(?:server|x-powered-by):/im);
    const bad = await speakRaw(site.url, ['NONSENSE\r\n\r\n']);
    expect([bad.status, bad.text.includes('node_modules')]).toEqual([400, false]);
  });
});
