import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aStory } from '../../conftest/story.ts';
import type { Story } from '../../conftest/story.ts';
import { bearer } from '../../conftest/web.ts';
import { recordGit } from './git-recorder.ts';
import type { GitRecorder, GitStart } from './git-recorder.ts';
import { ALSO, CONFIGURATION, ENVIRONMENT, judgeArguments } from './git-rules.ts';

const CANARIES: Record<string, string> = {
  'the token': 'tok-stagecoach',
  'the token as git sends it': Buffer.from('x-access-token:tok-stagecoach').toString('base64'),
  'the webhook secret': 'a-long-shared-webhook-secret',
  'the secret of the OAuth application': 'canary-of-the-oauth-application',
};

/** What an operator's own shell may have set, and no child may see. */
const OUTSIDE = {
  GIT_TRACE: '0',
  GIT_EXTERNAL_DIFF: '/bin/false',
  GIT_PROXY_COMMAND: '/bin/false',
  GIT_CURL_VERBOSE: '0',
  LD_CANARY: 'x',
};

let git: GitRecorder;
let starts: GitStart[];
let story: Story;
let thief: Server;
const stolen: string[] = [];

/** One change lands in two repositories and is ported; strangers' addresses are everywhere a person can put one. */
beforeAll(async () => {
  Object.assign(process.env, OUTSIDE);
  git = recordGit();
  thief = createServer((request, response) => {
    stolen.push(request.url ?? '');
    response.end();
  });
  await new Promise<void>((resolve) => thief.listen(0, '127.0.0.1', resolve));
  const trap = `http://127.0.0.1:${(thief.address() as AddressInfo).port}`;
  story = await aStory({
    repositories: ['app', 'web'],
    settings: {
      git: { program: git.program },
      server: {
        oauth: { client_id: 'client', client_secret: 'canary-of-the-oauth-application' },
      },
    },
  });
  story.ignoreComments();
  await act(trap);
  starts = git.starts();
});
afterAll(async () => {
  for (const name of Object.keys(OUTSIDE)) Reflect.deleteProperty(process.env, name);
  thief.close();
  await story[Symbol.asyncDispose]();
  git[Symbol.dispose]();
});

async function act(trap: string): Promise<void> {
  const body = `See ${trap}/body ![x](${trap}/image)`;
  const plan = { onto: '17.0', name: 'canary', title: `Look at ${trap}/title`, body } as const;
  const pulls = [
    await story.repository('app').pullRequest({ ...plan, adds: { a: trap } }),
    await story.repository('web').pullRequest({
      ...plan,
      adds: { '.gitmodules': `[submodule "x"]\n\tpath = x\n\turl = ${trap}/module.git\n` },
    }),
  ];
  for (const pull of pulls) {
    const status = { state: 'success', context: 'ci/test', target_url: `${trap}/status` };
    const path = `${pull.repository.path}/statuses/${await pull.head()}`;
    await story.as('ci').post(path, status);
    await pull.comment(`look at ${trap}/comment\n@stagecoach r+`);
  }
  await story.settle();
  for (const one of story.repositories) await one.branch('staging.17.0').passes();
  await story.settle();
  await pulls[0]?.comment('info');
  await story.settle();
}

/** Everything in any table; bytes as the text they are. */
async function database(): Promise<string> {
  const [row] = await story.bot.world.db.query<[{ all: string }]>(
    `select string_agg(query_to_xml(format('select t::text from %I t', tablename), true, false, '')::text, '')
        as all from pg_tables where schemaname = 'public'`,
  );
  const bodies = await story.bot.world.db.query<{ body: Buffer }[]>('select body from delivery');
  return row.all + bodies.map(({ body }) => body.toString()).join('\n');
}

function filesBelow(folder: string): string {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1'))
    .join('\n');
}

/** Pages, API and refusals, as an admin reads them. */
async function answers(): Promise<string> {
  const headers = { ...(await bearer(story.bot.world.db)), accept: 'text/html' };
  const paths = [
    ...['/', '/acme/17.0', '/acme/app/pull/1', '/acme/app/pull/1.svg', '/forwardports', '/crons'],
    ...['/queues?name=deliveries', '/api/status', '/api/stagings', '/api/audit', '/api/projects'],
    ...[
      '/api/queues/deliveries',
      '/metrics',
      '/readyz',
      '/api/nope',
      '/none/such',
      '/login/callback',
    ],
  ];
  const texts = paths.map(async (path) => {
    const answer = await fetch(story.bot.url + path, { headers, redirect: 'manual' });
    return `${answer.status} ${JSON.stringify([...answer.headers])} ${await answer.text()}`;
  });
  return (await Promise.all(texts)).join('\n');
}

/** What was said at GitHub. */
async function said(): Promise<string> {
  const texts = story.repositories.map(async ({ path }) => [
    await story.as('root').get(`${path}/pulls?state=all&per_page=100`),
    await story.as('root').get(`${path}/issues/comments?per_page=100`),
    await story.as('root').get(`${path}/commits?sha=17.0&per_page=100`),
  ]);
  return JSON.stringify(await Promise.all(texts));
}

const argvs = () => starts.map(({ argv }) => argv.join(' ')).join('\n');

describe('a secret, after a landing in two repositories and its ports', () => {
  it('was really used: without that the rest would prove nothing', async () => {
    const [row] = await story.bot.world.db.query<[{ landed: number; ports: number }]>(
      `select count(*) filter (where state = 'merged')::int as landed,
              count(*) filter (where source_id is not null)::int as ports from pull_request`,
    );
    expect(row).toEqual({ landed: 2, ports: 2 });
    const withToken = starts.filter(({ env }) => 'STAGECOACH_GIT_TOKEN' in env);
    expect(withToken.length).toBeGreaterThan(6);
    expect(JSON.stringify(withToken[0]?.env)).toContain('tok-stagecoach');
  });

  it.each<[string, () => string | Promise<string>]>([
    ['the log, down to its debug lines', () => JSON.stringify(story.log.lines)],
    ['the database', database],
    ['the command lines of git', argvs],
    [
      'any command line of the machine while git talks',
      () => starts.map((one) => one.processes).join(),
    ],
    ['the clones, their configuration and everything else on disk', () => filesBelow(story.folder)],
    ['pages, API, errors and their headers', answers],
    ['what the bot says and pushes at GitHub', said],
  ])('is not in %s', async (_place, read) => {
    const text = await read();
    expect(text.length).toBeGreaterThan(500);
    const found = Object.keys(CANARIES).filter((name) => text.includes(CANARIES[name] ?? ''));
    expect(found).toEqual([]);
  });

  it('is with no git child that does not talk to the remote', () => {
    const holders = starts.filter(({ env }) => JSON.stringify(env).includes('tok-stagecoach'));
    const commands = holders.map(({ argv }) => argv.find((word) => !word.startsWith('-')));
    expect([...new Set(commands)].sort()).toEqual(['fetch', 'ls-remote', 'push']);
    for (const { env } of holders)
      expect(Object.keys(env).filter((name) => env[name] === 'tok-stagecoach')).toEqual([
        'STAGECOACH_GIT_TOKEN',
      ]);
  });

  it('B-023 went to nobody: no address of a stranger was asked for anything', () => {
    expect(stolen).toEqual([]);
  });
});

describe('every git child of that landing', () => {
  it('is given the environment of the list, and nothing from outside', () => {
    expect(starts.length).toBeGreaterThan(40);
    const wrong = starts.flatMap(({ argv, env }) => [
      ...Object.entries(ENVIRONMENT)
        .filter(([name, value]) => !value.test(env[name] ?? '\0'))
        .map(([name]) => `${argv.join(' ')}: ${name}=${env[name] ?? '(none)'}`),
      ...Object.keys(env)
        .filter((name) => !(name in ENVIRONMENT) && !ALSO.test(name))
        .map((name) => `${argv.join(' ')}: ${name} is not on the list`),
    ]);
    expect(wrong).toEqual([]);
  });

  it('is given the settings of the list, above those of the clone', () => {
    for (const { env } of starts) {
      const count = Number(env['GIT_CONFIG_COUNT']);
      const given = Array.from({ length: count }, (_, n) => [
        env[`GIT_CONFIG_KEY_${n}`],
        env[`GIT_CONFIG_VALUE_${n}`],
      ]);
      expect(Object.fromEntries(given)).toMatchObject(CONFIGURATION);
    }
  });

  it('B-062 is told by full names and after the end of options what it works on', () => {
    expect(starts.flatMap(({ argv }) => judgeArguments(argv))).toEqual([]);
  });

  it('moves a target by a plain push alone, and its own branches by force', () => {
    const pushed = starts
      .filter(({ argv }) => argv.includes('push'))
      .map(({ argv }) =>
        argv.filter((word) => /^(?:\+|--force|[0-9a-f]{40}:)/.test(word)).join(' '),
      );
    const targets = pushed.filter((refs) =>
      /refs\/heads\/(?:17\.0|18\.0|master)(?: |$)/.test(refs),
    );
    expect(targets).toHaveLength(2);
    for (const refs of targets) expect(refs).toMatch(/^[0-9a-f]{40}:refs\/heads\/17\.0$/);
    for (const refs of pushed.filter((one) => /^\+/.test(one)))
      expect(refs).toMatch(/^\+[0-9a-f]{40}:refs\/heads\/(?:staging|tmp)\./);
  });
});
