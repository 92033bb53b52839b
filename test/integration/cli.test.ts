import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import tmp from 'tmp';
import { stagecoach, stagecoachProcess } from '../conftest/cli.ts';
import { freshDatabase } from '../conftest/database.ts';
import type { TestDatabase } from '../conftest/database.ts';
import { aSite, bearer } from '../conftest/web.ts';
import type { TestSite } from '../conftest/web.ts';
import { addPull } from '../conftest/web-rows.ts';

let site: TestSite;
let database: TestDatabase;
let folder: tmp.DirResult;
let config: string;

beforeAll(async () => {
  site = await aSite();
  await addPull(site.db, {
    number: 5,
    title: 'Evil \u001b[31mred',
    state: 'approved',
    blocked: 'it waits for CI',
  });
  database = await freshDatabase();
  folder = tmp.dirSync({ prefix: 'stagecoach-cli-', unsafeCleanup: true });
  config = writeConfig('stagecoach.yml', {});
});
afterAll(async () => {
  await site[Symbol.asyncDispose]();
  await database.drop();
  folder.removeCallback();
});

/** A configuration whose server does not run. */
function writeConfig(name: string, extra: object): string {
  const file = join(folder.name, name);
  const project = {
    ...{
      name: 'acme',
      bot: 'stagecoach',
      token: 'tok',
      webhook_secret: 'a-long-shared-webhook-secret',
    },
    ...{ branches: ['17.0', 'master'], repositories: [{ name: 'acme/app' }] },
  };
  const whole = {
    server: { port: 1 },
    database: { url: database.url },
    github: { api_url: 'http://127.0.0.1:9' },
    projects: [project],
    ...extra,
  };
  writeFileSync(file, JSON.stringify(whole));
  return file;
}

const onServer = (...args: string[]) => stagecoach(args, { STAGECOACH_URL: site.url });

describe('stagecoach, talking to a server', () => {
  it('lists the switches for people and for programs', async () => {
    const people = await onServer('cron', 'list');
    expect(people.stdout).toMatch(/^NAME +SWITCH +NOW/);
    expect(people.stdout).toMatch(/^merge +on +quiet/m);
    const programs = await onServer('cron', 'list', '--json');
    const { items } = JSON.parse(programs.stdout) as { items: { name: string }[] };
    expect(items.map(({ name }) => name)).toContain('forwardport-updates');
  });

  it('turns a switch off and on, and says by whom in the audit log', async () => {
    const off = await onServer('cron', 'disable', 'labels', '--reason', 'new labels');
    expect(off).toMatchObject({ code: 0, stdout: 'labels is off\n' });
    const again = await onServer('cron', 'disable', 'labels', '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ active: false, reason: 'new labels' });
    expect((await onServer('cron', 'enable', 'labels')).stdout).toBe('labels is on\n');
    const audit = await site.call('GET', '/api/audit?object=cron:labels');
    expect(audit.json.items).toMatchObject([{ via: 'cli' }, { via: 'cli', reason: 'new labels' }]);
  });

  it.each([
    [['cron', 'disable', 'stagign'], 'no such cron: stagign (did you mean staging?)\n'],
    [['cron', 'trigger', 'nothing'], 'no such cron: nothing\n'],
    [['pr', 'show', 'acme/app#999'], 'no such pull request: acme/app#999\n'],
    [['staging', 'show', '999'], 'no such staging: 999\n'],
    [['forwardport', 'replay', 'acme/app#999'], 'no such pull request: acme/app#999\n'],
    [['forwardport', 'replay', 'acme/app#5'], /^acme\/app#5 is no port: /],
  ])('repeats what %j asked for in vain', async (args, told) => {
    const { code, stderr } = await onServer(...args);
    expect([code, stderr]).toEqual([
      1,
      typeof told === 'string' ? told : expect.stringMatching(told),
    ]);
  });

  it('says why a pull request is not merging', async () => {
    const { code, stdout } = await onServer('pr', 'why', 'acme/app#5');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^acme\/app#5 is approved: (?:1 gate holds|\d+ gates hold) it$/m);
    expect(stdout).toMatch(/CLOSED +statuses +never reported: ci\/test +\(ci\)/);
  });

  it('lets no title command the terminal (I-46)', async () => {
    const { stdout } = await onServer('pr', 'show', 'acme/app#5');
    expect(stdout).toContain('Evil \ufffd[31mred');
    expect(stdout).not.toContain('\u001b');
  });

  it.each([
    [['staging', 'list'], 0],
    [['queue', 'list'], 0],
    [['queue', 'list', 'issues', '--dead'], 0],
    [['forwardport', 'list'], 0],
    [['reconcile'], 0],
    [['pr', 'show', 'acme/app#999'], 1],
    [['staging', 'show', '999'], 1],
    [['queue', 'retry', 'issues', '1'], 1],
    [['cron', 'disable', 'nothing'], 1],
    [['pr', 'show', 'nonsense'], 2],
    [['staging', 'show', 'x'], 2],
    [['staging', 'cancel'], 2],
    [['nothing'], 2],
    [['--help'], 0],
  ])('ends %j with exit code %i and, if not 0, one line that says why', async (args, code) => {
    const result = await onServer(...args);
    expect([args, result.code]).toEqual([args, code]);
    expect(result.stderr.split('\n').some((line) => line.startsWith('    at '))).toBe(false);
    expect(result.stderr === '').toBe(code === 0);
  });

  it('sends the token it was given', async () => {
    await using guarded = await aSite({ auth: 'required' });
    const refused = await stagecoach(['cron', 'list'], { STAGECOACH_URL: guarded.url });
    expect([refused.code, refused.stderr]).toEqual([
      1,
      'log in, or send a token: Authorization: Bearer …\n',
    ]);
    const { authorization = '' } = await bearer(guarded.db);
    const env = {
      STAGECOACH_URL: guarded.url,
      STAGECOACH_API_TOKEN: authorization.slice('Bearer '.length),
    };
    expect((await stagecoach(['cron', 'list'], env)).code).toBe(0);
  });
});

describe('stagecoach, where no server runs', () => {
  it('applies the configuration after showing the difference, and then finds none', async () => {
    const dry = await stagecoach(['apply', '--dry-run', '--config', config]);
    expect(dry.stdout).toContain('+ project:acme');
    expect(dry.stdout).toContain('nothing was changed (--dry-run)');
    const wet = await stagecoach(['apply', '--config', config]);
    expect(wet.stdout).toMatch(/\+ project:acme[^]*\napplied\n$/);
    const again = await stagecoach(['apply', '--config', config]);
    expect(again).toMatchObject({ code: 0, stdout: 'the database says what the file says\n' });
  });

  it('works on the database alone', async () => {
    await stagecoach(['apply', '--config', config]);
    const off = await stagecoachProcess([
      'cron',
      'disable',
      'merge',
      '--config',
      config,
      '--reason',
      'x',
    ]);
    expect(off).toEqual({ code: 0, stdout: 'merge is off\n', stderr: '' });
    expect((await stagecoachProcess(['cron', 'list', '--config', config])).stdout).toMatch(
      /^merge +OFF .*by local: x$/m,
    );
  });

  it('makes a token that a server takes, and shows it once', async () => {
    const { code, stdout } = await stagecoach([
      'token',
      'create',
      'robot',
      '--config',
      config,
      '--json',
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      name: 'robot',
      token: expect.stringMatching(/^sct_[\w-]{43}$/) as unknown,
    });
  });

  it('prints the JSON Schema of the configuration file', async () => {
    const { stdout } = await stagecoach(['schema']);
    expect(JSON.parse(stdout)).toMatchObject({ type: 'object', title: 'stagecoach.yml' });
  });
});

describe('what is wrong from the start is one clear line', () => {
  it('for a server that is not there: exit 1', async () => {
    const result = await stagecoach(['cron', 'list'], { STAGECOACH_URL: 'http://127.0.0.1:1' });
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toMatch(
      /^no server answers at http:\/\/127\.0\.0\.1:1 \([^\n]+\): start it, or set STAGECOACH_URL\n$/,
    );
  });

  it('for a database that is not there: exit 1', async () => {
    const file = writeConfig('no-database.yml', {
      database: { url: 'postgres://nobody:hidden@127.0.0.1:1/none' },
    });
    const result = await stagecoachProcess(['serve', '--config', file]);
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(
      /^cannot reach the database at 127\.0\.0\.1:1\/none \([^\n]+\): check database.url[^\n]*\n$/,
    );
    expect(result.stderr).not.toContain('hidden');
  });

  it('for a port in use: exit 1', async () => {
    const taken = createServer((_request, response) => void response.writeHead(404).end('{}'));
    await new Promise((resolve) => taken.listen(0, '127.0.0.1', () => resolve(null)));
    const { port } = taken.address() as AddressInfo;
    const github = { api_url: `http://127.0.0.1:${port}` };
    const file = writeConfig('port.yml', { server: { port }, data_dir: folder.name, github });
    const result = await stagecoachProcess(['serve', '--config', file]);
    taken.close();
    expect(result.code).toBe(1);
    expect(result.stderr).toBe(
      `port ${port} on 127.0.0.1 is in use: stop what listens there, or choose another server.port\n`,
    );
  });

  it('for a token that GitHub refuses: exit 1', async () => {
    const github = { api_url: site.url }; // it knows no such token either
    const file = writeConfig('token.yml', { data_dir: folder.name, github });
    const result = await stagecoachProcess(['serve', '--config', file]);
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(
      /^GitHub refuses the token of project acme \([^\n]+\): put [^\n]+\n$/,
    );
  });

  it('for a configuration: every problem with its line and path, exit 2', async () => {
    const file = join(folder.name, 'wrong.yml');
    writeFileSync(
      file,
      'server: { port: 99999 }\nprojects:\n  - name: acme\n    token: ${NOT_SET_ANYWHERE}\n',
    );
    const result = await stagecoachProcess(['serve', '--config', file]);
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/wrong\.yml:1: server\.port: /);
    expect(result.stderr).toMatch(/wrong\.yml:4: projects\[0\]\.token: /);
  });

  it('for a command without its configuration: exit 2', async () => {
    const result = await stagecoach(['serve']);
    expect(result).toMatchObject({ code: 2, stderr: 'this command needs --config FILE\n' });
  });
});
