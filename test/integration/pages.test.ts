import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Secret } from '../../src/lib/secret.ts';
import { aSite } from '../conftest/web.ts';
import type { TestSite } from '../conftest/web.ts';
import { addPull, addStaging, addStatus } from '../conftest/web-rows.ts';

const HOSTILE = `<img src=x onerror=alert(1)>"'`;
let site: TestSite;

beforeAll(async () => {
  site = await aSite();
  const { db } = site;
  const one = await addPull(db, { number: 1, title: 'Staged in app', state: 'ready' });
  const two = await addPull(db, {
    number: 2,
    repository: 'web',
    title: 'Staged in web',
    state: 'ready',
    with: one,
  });
  await addStaging(db, {
    state: 'pending',
    pulls: [one, two],
    statuses: { app: 'pending', web: 'success' },
  });
  const old = await addPull(db, {
    number: 3,
    title: 'Old',
    state: 'merged',
    mergedSha: 'b'.repeat(40),
  });
  await addStaging(db, { state: 'success', pulls: [old] });
  await addStaging(db, { state: 'failure', pulls: [old], reason: 'ci/test failed' });
  await addPull(db, { number: 4, title: 'Waits its turn', state: 'ready' });
  await addPull(db, { number: 5, title: 'Blocked', state: 'approved', blocked: 'it waits for CI' });
  const hostile = {
    number: 6,
    title: HOSTILE,
    state: 'error',
    error: HOSTILE,
    body: HOSTILE,
  } as const;
  const bad = await addPull(db, hostile);
  await addStatus(db, {
    repository: 'app',
    sha: bad.head,
    state: 'failure',
    url: 'javascript:alert(1)',
  });
  const source = await addPull(db, {
    number: 7,
    onto: '17.0',
    title: 'Fix',
    state: 'merged',
    mergedSha: 'c'.repeat(40),
  });
  await addPull(db, {
    number: 8,
    onto: '18.0',
    title: 'Fix',
    state: 'opened',
    source,
    detached: 'it conflicts',
    conflict: true,
  });
});
afterAll(() => site[Symbol.asyncDispose]());

/** The words of a page, without its markup. */
async function words(path: string): Promise<string> {
  const { status, text } = await site.call('GET', path, { headers: { accept: 'text/html' } });
  if (status !== 200) throw new Error(`${path}: ${status}`);
  const main = text.slice(text.indexOf('<main'), text.indexOf('</main>'));
  return main.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
}

describe('the dashboard', () => {
  it('shows per branch what runs, what is next, what is blocked and what is in error', async () => {
    const text = await words('/');
    expect(text).toMatch(
      /master .*Staging 1 ◐ running .*app#1 Staged in app .*web#2 Staged in web/,
    );
    expect(text).toMatch(/app ci\/test pending .*web ci\/test success/);
    expect(text).toMatch(/Next 1 .*app#4 Waits its turn/);
    expect(text).toMatch(/Blocked 1 .*app#5 Blocked it waits for CI/);
    expect(text).toMatch(/In error 1 .*app#6/);
    expect(text).toMatch(/18\.0 1 open port/);
    expect(text).toContain('Staging 3 failed (ci/test failed)');
  });

  it('says that everybody here is admin, where that is so', async () => {
    expect(await words('/')).toContain('everybody on this machine is admin');
  });

  it('warns of what is off, of dead letters and of frozen projects', async () => {
    const body = { active: false, reason: 'moving house', until: '2026-05-05T08:00:00Z' };
    await site.call('PATCH', '/api/crons/merge', { body });
    await site.db.query(
      `insert into issue_job (repository_id, number, queued_at, dead_at) values (1, 1, $1, $1)`,
      [site.clock.now()],
    );
    await site.db.query('update project set frozen = true');
    const text = await words('/crons');
    await site.call('PATCH', '/api/crons/merge', { body: { active: true, reason: 'done' } });
    await site.db.query('update project set frozen = false');
    await site.db.query('delete from issue_job');
    expect(text).toContain('Cron merge is off (local, 0 s ago ): moving house; on again in 1 d');
    expect(text).toContain('1 row was given up in queue issues');
    expect(text).toContain('Project acme is frozen');
  });
});

describe('a run that does not end', () => {
  it('is told of on every page and in the figures after a quarter of an hour (F-109)', async () => {
    const beganMinutesAgo = (minutes: number) =>
      site.db.query(
        `update cron set started_at = $1, lease_until = clock_timestamp() + interval '1 minute' where name = 'merge'`,
        [new Date(site.clock.now().getTime() - minutes * 60_000)],
      );
    await beganMinutesAgo(14);
    expect(await words('/crons')).not.toContain('A run of cron merge');
    await beganMinutesAgo(16);
    expect(await words('/crons')).toContain(
      'A run of cron merge that began 16 min ago is not over',
    );
    const { text } = await site.call('GET', '/metrics');
    await site.db.query(`update cron set started_at = null, lease_until = null`);
    expect(text).toContain('stagecoach_cron_run_seconds{cron="merge"} 960');
    expect(text).toContain('stagecoach_cron_run_seconds{cron="statuses"} 0');
  });
});

describe('the page of a pull request', () => {
  it('says first of all why it is not merging', async () => {
    const text = await words('/acme/app/pull/5');
    expect(text).toMatch(/approved Blocked .*it waits for CI .*Why is it not merging\?/);
    expect(text).toMatch(/✕ statuses never reported: ci\/test waits for ci/);
    expect(text).toMatch(/\d+ gates are open/);
  });

  it('says that a ready one waits for its turn, or which switch holds it', async () => {
    const [four] = await site.db.query<{ head: string }[]>(
      'select head from pull_request where number = 4',
    );
    await addStatus(site.db, { repository: 'app', sha: four!.head, state: 'success' });
    expect(await words('/acme/app/pull/4')).toContain('Ready: it waits for its turn.');
    const turn = (active: boolean) =>
      site.call('PATCH', '/api/crons/staging', { body: { active, reason: 'CI moves' } });
    await turn(false);
    const text = await words('/acme/app/pull/4');
    expect(text).toContain('Held: the cron that creates stagings is off by local: CI moves');
    expect(text).not.toContain('waits for its turn');
    await turn(true);
  });

  it('shows branches and repositories of its ports as a table', async () => {
    const text = await words('/acme/app/pull/8');
    expect(text).toMatch(
      /Branch app 17\.0 #7 ● merged 18\.0 #8 ○ opened ✕ conflict ! detached master/,
    );
    expect(text).toContain('Forward-port of acme/app#7');
  });

  it('shows a merged one as merged although nobody closed it yet (R22)', async () => {
    await site.db.query(
      `insert into feedback (repository_id, number, kind, key, payload, queued_at) values (1, 3, 'close', 'close', '{}', $1)`,
      [site.clock.now()],
    );
    expect(await words('/acme/app/pull/3')).toMatch(
      /Merged .* as bbbbbbbbbb ?; closing waits for feedback/,
    );
  });

  it('is there as JSON and as a picture', async () => {
    const json = await site.call('GET', '/acme/app/pull/8.json');
    expect(json.json).toMatchObject({ repository: 'acme/app', number: 8 });
    const image = await site.call('GET', '/acme/app/pull/8.svg');
    expect(image.headers.get('content-type')).toContain('image/svg+xml');
    expect(image.text).toMatch(
      /^<svg[^]*acme\/app#8 {2}○ opened[^]*✕ review: waits for approval[^]*#8 ✕ conflict/,
    );
    const etag = image.headers.get('etag') ?? '';
    const again = await site.call('GET', '/acme/app/pull/8.svg', {
      headers: { 'if-none-match': etag },
    });
    expect(again.status).toBe(304);
  });
});

describe('every page', () => {
  const paths = [
    '/',
    '/acme/master',
    '/acme/app/pull/6',
    '/acme/app/pull/6.svg',
    '/forwardports',
    '/crons',
    '/queues?name=issues',
  ];

  it.each(paths)(
    '%s shows what strangers wrote as text, never as markup or link (B-103)',
    async (path) => {
      const { status, text } = await site.call('GET', path);
      expect(status).toBe(200);
      expect(text).not.toContain('<img src=x');
      expect(text).not.toMatch(/href="javascript:/);
    },
  );

  it.each(paths)('%s carries no inline script or style, which the policy forbids', async (path) => {
    const { text } = await site.call('GET', path);
    expect(text).not.toMatch(/<script(?! src=)|<style|\sstyle="|\son[a-z]+="/);
  });

  it('shows a browser an error as a page, and a program as JSON', async () => {
    const page = await site.call('GET', '/acme/none', { headers: { accept: 'text/html,*/*' } });
    expect([page.status, page.text.includes('<h1>404</h1>')]).toEqual([404, true]);
    expect(page.text).not.toContain('Log in');
    expect((await site.call('GET', '/acme/none')).json.message).toBe(
      'no such page or branch: acme/none',
    );
  });

  it('gives its buttons to admins alone', async () => {
    const oauth = { clientId: 'client', clientSecret: new Secret('the-secret-of-the-oauth-app') };
    await using guarded = await aSite({ oauth });
    const { text } = await guarded.call('GET', '/crons');
    expect(text).not.toContain('data-call');
    expect((await site.call('GET', '/crons')).text).toContain('data-call="PATCH /api/crons/merge"');
  });

  it('is found with its assets, and nothing else of the disk (B-102)', async () => {
    for (const name of ['style.css', 'app.js', 'theme.js', 'icon.svg'])
      expect([name, (await site.call('GET', `/assets/${name}`)).status]).toEqual([name, 200]);
    for (const path of ['/assets/..%2f..%2fpackage.json', '/assets/%00', '/assets/x.js'])
      expect([400, 404]).toContain((await site.call('GET', path)).status);
  });
});

describe('the outstanding ports and the history of a branch', () => {
  it('are grouped by their source, and counted by person and team', async () => {
    await site.db.query(`update person set team = 'Tom & Co' where login = 'alice'`);
    expect(await words('/forwardports?person=rita&days=')).toMatch(
      /alice 1 .*Tom &amp; Co 1 acme\/app#7 Fix 17\.0, merged .*by alice.*#8 18\.0 ○ opened ✕ conflict ! detached/,
    );
    expect(await words('/forwardports?team=Tom+%26+Co')).toContain('#8 18.0');
    expect(await words('/forwardports?team=other')).toContain('None.');
  });

  it('show the stagings newest first, and one state alone', async () => {
    expect(await words('/acme/master')).toMatch(/Staging 3 .*Staging 2 .*Staging 1 /);
    expect(await words('/acme/master?state=failure')).toMatch(/Staging 3 (?!.*Staging)/);
  });
});

describe('GET /events', () => {
  it('tells open pages that something changed, without saying what', async () => {
    const stop = new AbortController();
    const response = await fetch(`${site.url}/events`, { signal: stop.signal });
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    site.web.changed();
    let heard = '';
    while (!heard.includes('event: change')) heard += (await reader.read()).value ?? '';
    stop.abort();
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(heard).toContain('event: change\ndata: {}\n\n');
  });
});
