import { describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import tmp from 'tmp';
import {
  type Config,
  describeSchema,
  environment,
  loadConfig,
  parseConfig,
  secretsOf,
} from '../../../src/lib/config.ts';
import { parseSubstitution } from '../../../src/rules/substitutions.ts';

const rules = { cronNames: ['staging', 'merge'], readSubstitution: parseSubstitution };
const folder = import.meta.dirname;
const SECRET = 'a-long-shared-webhook-secret';

const MINIMAL = `
projects:
  - name: acme
    bot: stagecoach
    token: tok-stagecoach
    webhook_secret: ${SECRET}
    branches: ["17.0", master]
    repositories:
      - name: acme/app
`;

function read(text: string, env: NodeJS.ProcessEnv = {}): Config {
  const result = parseConfig(text, { rules, folder, env });
  if (result.kind === 'problems') throw new Error(JSON.stringify(result.problems));
  return result.config;
}

/** `line path: message` of everything that is wrong. */
function faults(text: string, env: NodeJS.ProcessEnv = {}): string[] {
  const result = parseConfig(text, { rules, folder, env });
  if (result.kind === 'config') return [];
  return result.problems.map(({ line, path, message }) => `${line} ${path}: ${message}`);
}

describe('a configuration', () => {
  it('is complete with its defaults', () => {
    const config = read(MINIMAL);
    expect(config.server).toMatchObject({ host: '127.0.0.1', port: 8300, auth: 'open' });
    expect(config.server.url).toBe('http://127.0.0.1:8300');
    expect(config.dataDir).toBe(join(folder, '.stagecoach'));
    expect(config.projects[0]).toMatchObject({
      auth: { kind: 'token' },
      repositories: [{ branches: '.*', statuses: [], forwardportRemote: 'acme/app' }],
      people: [],
      staging: { batchLimit: 8, timeoutMs: 3_600_000, startTimeoutMs: 3_600_000 },
      forwardport: { enabled: true, retries: 24, branchRemovalAfterMs: 604_800_000 },
      reminders: { afterMs: 259_200_000, schedule: 'daily', at: '09:00' },
    });
  });

  it('cannot be changed once read', () => {
    const config = read(MINIMAL) as unknown as { projects: { branches: string[] }[] };
    expect(() => config.projects[0]?.branches.push('x')).toThrow(TypeError);
  });

  it('may be JSON', () => {
    const value: unknown = { projects: [{ ...projectOf(MINIMAL) }] };
    expect(read(JSON.stringify(value)).projects[0]?.name).toBe('acme');
  });

  function projectOf(text: string): object {
    const { name, bot, branches } = read(text).projects[0] ?? {};
    const secrets = { token: 'tok', webhook_secret: SECRET };
    return { name, bot, branches, ...secrets, repositories: [{ name: 'acme/app' }] };
  }

  it.each([
    ['https://api.github.com', 'https://api.github.com/graphql', 'https://github.com', 1000],
    [
      'https://git.acme.test/api/v3',
      'https://git.acme.test/api/graphql',
      'https://git.acme.test',
      0,
    ],
    ['http://127.0.0.1:8400/', 'http://127.0.0.1:8400/graphql', 'http://127.0.0.1:8400', 0],
  ])('finds the rest of GitHub around %s', (api, graphqlUrl, web, writeIntervalMs) => {
    const { github } = read(`github: { api_url: "${api}" }${MINIMAL}`);
    expect(github).toMatchObject({ graphqlUrl, gitUrl: web, webUrl: web, writeIntervalMs });
  });

  it('takes numbers and texts from the environment', () => {
    const text = `server: { port: "\${PORT}" }${MINIMAL.replace('tok-stagecoach', '${TOKEN}')}`;
    const config = read(text, { PORT: '9000', TOKEN: 'from "outside": yes' });
    expect(config.server.port).toBe(9000);
    const { auth } = config.projects[0] ?? {};
    expect(auth?.kind === 'token' && auth.token.reveal()).toBe('from "outside": yes');
  });

  it('keeps a doubled dollar and does not look into comments', () => {
    const text = `data_dir: "/x/$\${NAME}"\n# \${NOT_SET}${MINIMAL}`;
    expect(read(text).dataDir).toBe('/x/${NAME}');
  });

  it('reads fallbacks as intervals and as schedules', () => {
    const { crons } = read(
      `crons: { staging: { every: 6h }, merge: { every: "0 3 * * 0" } }${MINIMAL}`,
    );
    expect(crons['staging']?.every).toEqual({ everyMs: 21_600_000 });
    expect(crons['merge']?.every).toEqual({ rule: '0 3 * * 0' });
  });

  it('hides its secrets and lists them for the log', () => {
    const config = read(`database: { url: "postgres://u:hidden@h/d" }${MINIMAL}`);
    expect(JSON.stringify(config)).not.toMatch(/tok-stagecoach|hidden|a-long-shared/);
    expect(secretsOf(config).map((one) => one.reveal())).toContain('tok-stagecoach');
    expect(secretsOf(config)).toHaveLength(3);
  });
});

/** Ten lists of ten of the one before it. */
const BOMB = Array.from({ length: 10 }, (_, n) => {
  const items = Array.from({ length: 10 }, () => (n === 0 ? 'x' : `*a${n - 1}`));
  return `a${n}: &a${n} [${items.join(', ')}]`;
}).join('\n');

describe('a wrong configuration', () => {
  it('is reported all at once, with lines and paths (F-119)', () => {
    const text = `server: { port: 83000, colour: red }
projects:
  - name: api
    bot: stagecoach
    token: \${NOT_SET}
    webhook_secret: short
    branches: [17.0, "18.0", "18.0", "tmp.x"]
    repositories:
      - name: acme/app
        branches: "(a"
        statuses: [{ context: ci/test, prs: maybe }]
        substitutions: ["/(a/b/"]
      - { name: ACME/App, branches: "99" }
    people:
      - { login: rita, review: [acme/other] }
      - { login: Rita }
    staging: { timeout: 60 }
  - { people: [] }
crons: { stagin: { every: 1h }, merge: { every: sometimes } }
`;
    expect(faults(text)).toMatchSnapshot();
  });

  it.each([
    ['a key twice', `server: {}\nserver: {}${MINIMAL}`, '2 : Map keys must be unique'],
    ['broken YAML', 'a: [\nb: 1', '2 : Flow sequence'],
    ['an alias of nothing', 'a: *b', '0 : Unresolved alias'],
    ['a bomb of aliases', BOMB, '0 : Excessive alias count'],
    ['an empty file', '', '1 projects: is missing'],
    ['a list', '- 1', '1 : must be a map'],
    ['both proofs', MINIMAL.replace('token:', 'app: {}\n    token:'), 'not both'],
    ['a freeze', `${MINIMAL}    forwardport_after_freeze: keep_off\n`, 'there are no freezes yet'],
    ['a missing key file', withApp('nowhere.pem'), 'private_key_file: is no file'],
    [
      'an address with credentials',
      `github: { api_url: "https://a:b@c" }${MINIMAL}`,
      'github.api_url',
    ],
  ])('tells of %s', (_, text, expected) => {
    expect(faults(text).join('\n')).toContain(expected);
  });

  it('may name a key file beside it', () => {
    expect(faults(withApp('config.test.ts'))).toEqual([]);
  });

  function withApp(file: string): string {
    const app = `app: { id: 1, private_key_file: ${file}, installation_id: "2" }`;
    return MINIMAL.replace('token: tok-stagecoach', app);
  }

  it('ends the program with 2, each line naming the file', async () => {
    const file = tmp.fileSync({ prefix: 'stagecoach-' });
    const failure: unknown = await loadConfig(file.name, rules).catch((e: unknown) => e);
    expect(failure).toMatchObject({ exitCode: 2, message: `${file.name}:1: projects: is missing` });
    file.removeCallback();
    const gone: unknown = await loadConfig(file.name, rules).catch((e: unknown) => e);
    expect(gone).toMatchObject({ exitCode: 2 });
    expect(String(gone)).toContain('cannot be read (ENOENT');
  });
});

describe('the schema', () => {
  it('names every key of the file, and the crons', () => {
    const schema = JSON.stringify(describeSchema(rules.cronNames));
    for (const key of ['forwardport_remote', 'lateness_limit', 'write_interval', 'self_review'])
      expect(schema).toContain(`"${key}"`);
    expect(schema).toContain('"staging","merge"');
  });
});

describe('the environment', () => {
  it('gives the server’s address and a hidden token', () => {
    const given = environment({ STAGECOACH_URL: 'http://h:1/', STAGECOACH_API_TOKEN: 'abc' });
    expect(given).toMatchObject({ serverUrl: 'http://h:1', logLevel: 'info' });
    expect(String(given.apiToken)).toBe('***');
    expect(environment({})).toEqual({ logLevel: 'info' });
  });

  it('refuses a log level nobody knows', () => {
    expect(() => environment({ STAGECOACH_LOG_LEVEL: 'loud' })).toThrow(/must be one of silent/);
  });
});
