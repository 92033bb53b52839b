import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addPull, addStaging, addStatus } from '../../conftest/web-rows.ts';
import { aSite } from '../../conftest/web.ts';
import type { TestSite } from '../../conftest/web.ts';

/** What people write where a page, a picture or a log shows it. `CANARY` must come out as text, or not at all. */
const CORPUS = [
  '<script>CANARY</script>',
  '"><img src=x onerror=CANARY>',
  "'-CANARY-'",
  '` onload=CANARY `',
  '</title></main></svg><script>CANARY',
  '<!--CANARY--><![CDATA[CANARY]]>',
  '{{7*7}}${7*7}#{7*7}<%=7*7%>CANARY',
  'javascript:CANARY',
  'data:text/html,<script>CANARY</script>',
  '\u001b]0;CANARY\u0007\u001b[31mred',
  '\u202eCANARY\u2066 \u200b',
  '&lt;script&gt;CANARY&#60;',
  'CANARY, with "commas",\nline ends\tand ünïcödé 🚂',
] as const;

/** Markup that a text of theirs became part of; what stands in quotes within a tag is text as well. */
const MARKUP = /<[a-z/!][^>]*CANARY|<script(?! src="")|<[a-z][^>]*\s(?:on\w+|style|srcdoc)=/i;

let site: TestSite;
beforeAll(async () => {
  site = await aSite();
  const { db } = site;
  let number = 0;
  for (const text of CORPUS) {
    number += 1;
    const facts = { number, title: text, body: text, error: text, detached: text } as const;
    const source = await addPull(db, { ...facts, number: number + 100, state: 'merged' });
    const pull = await addPull(db, { ...facts, state: 'error', onto: '18.0', source });
    await addStatus(db, { repository: 'app', sha: pull.head, state: 'failure', url: text });
    await addStaging(db, { state: 'failure', pulls: [source], reason: text });
    const change = { body: { active: false, reason: text } };
    await site.call('PATCH', '/api/crons/merge', change);
    await db.query('update commit_status set context = $1 where sha = $2', [text, pull.head]);
    await db.query(
      'insert into issue_job (repository_id, number, queued_at, dead_at, last_error) values (1, 1, $1, $1, $2)',
      [new Date(0), text],
    );
  }
  await db.query('update person set login = $1', [CORPUS[0]]);
  await db.query(`update branch set name = $1 where name = 'master'`, [CORPUS[1]]);
  await db.query(`update cron set last_error = $1, failures = 3`, [CORPUS[0]]);
});
afterAll(() => site[Symbol.asyncDispose]());

const everyPull = CORPUS.map((_, n) => `/acme/app/pull/${n + 1}`);

describe('what strangers wrote', () => {
  it.each([
    ...[
      '/',
      '/forwardports',
      '/crons',
      '/queues?name=issues',
      '/acme/18.0',
      '/none/%3Cscript%3ECANARY',
    ],
    ...everyPull,
    ...everyPull.map((path) => `${path}.svg`),
    `/forwardports?person=${encodeURIComponent(CORPUS[1])}&project=${encodeURIComponent(CORPUS[0])}`,
  ])('B-068 B-075 B-103 is text on %s, whatever it is', async (path) => {
    const { text } = await site.call('GET', path, { headers: { accept: 'text/html' } });
    expect(MARKUP.exec(text.replaceAll(/"[^"]*"/g, '""'))).toBeNull();
    expect(text).not.toMatch(/(?:href|src)="\s*(?:javascript|data|vbscript):/i);
    expect(text).not.toContain('\0');
  });

  it('B-068 is there to be read', async () => {
    const { text } = await site.call('GET', '/acme/app/pull/1');
    expect(text).toContain('&lt;script&gt;CANARY&lt;/script&gt;');
  });

  it('B-068 is one line of the log, without escapes for a terminal', async () => {
    await site.db.query('alter table audit rename to gone');
    await site.call('PATCH', '/api/crons/merge', {
      body: { active: true, reason: CORPUS[9] },
      headers: { 'user-agent': 'CANARY' },
    });
    await site.db.query('alter table gone rename to audit');
    const lines = site.alarms.splice(0);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      expect(line.trimEnd()).not.toContain('\n');
      expect(line).not.toContain('\u001b');
      expect(JSON.parse(line)).toMatchObject({ msg: 'request failed' });
    }
  });

  it('B-075 comes back whole from the API', async () => {
    for (const [n, title] of CORPUS.entries()) {
      const { text } = await site.call('GET', `/api/pulls/acme/app/${n + 1}`);
      expect(JSON.parse(text)).toMatchObject({ title });
    }
  });
});
