import { createHash, createHmac, randomBytes, randomUUID } from 'node:crypto';
import { pino } from 'pino';
import type { DataSource } from 'typeorm';
import { dataSource } from '../../ormconfig.ts';
import type { Clock } from '../../src/lib/clock.ts';
import { wantRepair } from '../../src/ledger/partial.ts';
import { retryStaging } from '../../src/ledger/retry-staging.ts';
import { splitOff } from '../../src/ledger/split-off.ts';
import { cancelStaging } from '../../src/ledger/stagings.ts';
import { Secret } from '../../src/lib/secret.ts';
import { installBells } from '../../src/triggers/install.ts';
import { CRON_NAMES } from '../../src/triggers/names.ts';
import { startWeb } from '../../src/web/server.ts';
import type { Web } from '../../src/web/server.ts';
import type { WebOptions, WebSettings } from '../../src/web/site.ts';
import { freshDatabase } from './database.ts';

/** The secret of project `acme`. */
export const ACME_SECRET = 'the-webhook-secret-of-acme';

/** A server over a database of its own, without crons: what it writes stays to be looked at. */
export interface TestSite {
  readonly url: string;
  readonly web: Web;
  readonly db: DataSource;
  readonly clock: { set(iso: string): void } & Clock;
  /** Lines of the log at level warn and above. */
  readonly alarms: string[];
  /** A JSON call. @returns status and parsed body. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** A webhook, signed unless `headers` say otherwise. */
  deliver(body: string | Buffer, headers?: Record<string, string | undefined>): Promise<Answer>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** What a call carries beside method and path. */
export interface CallOptions {
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** An answer, its body parsed where it is JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: AnswerBody;
}

/** Fields the tests look at, in whatever answer they come. A missing one is undefined and fails its expectation. */
export interface AnswerBody {
  readonly items: readonly AnswerRow[];
  readonly next: number;
  readonly idle: boolean;
  readonly now: string;
  readonly message: string;
  readonly staging_enabled: boolean;
  readonly queues: { readonly deliveries: unknown; readonly issues: { readonly due: number } };
  readonly crons: readonly AnswerRow[];
}

/** One row of a list. */
export interface AnswerRow {
  readonly name: string;
  readonly state: string;
  readonly active: boolean;
  readonly due: boolean;
  readonly subject: object;
  readonly about: string;
}

/** Starts one with a project `acme` (app, web; 17.0, 18.0, master) in its tables. */
export async function aSite(
  settings: Partial<WebSettings> = {},
  patience?: WebOptions['patience'],
): Promise<TestSite> {
  const database = await freshDatabase();
  const db = await dataSource(database.url, 3).initialize();
  await db.transaction(installBells);
  await fill(db);
  const alarms: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => void alarms.push(line) });
  const clock = movableClock();
  const acts = { cancelStaging, retryStaging, splitOff, wantRepair };
  const web = await startWeb({
    db,
    clock,
    log,
    acts,
    listening: () => true,
    settings: around(settings),
    ...(patience && { patience }),
  });
  return {
    url: web.url,
    web,
    db,
    clock,
    alarms,
    call: (method, path, options) => call(web.url + path, method, options),
    deliver: (body, headers) => deliver(web.url, body, headers),
    async [Symbol.asyncDispose]() {
      await web.close();
      await db.destroy();
      await database.drop();
    },
  };
}

function around(settings: Partial<WebSettings>): WebSettings {
  return {
    host: '127.0.0.1',
    port: 0,
    url: null,
    auth: 'open',
    proxies: 0,
    oauth: null,
    github: { apiUrl: 'http://127.0.0.1:9', webUrl: 'https://github.test' },
    webhookSecrets: [{ project: 'acme', secret: new Secret(ACME_SECRET) }],
    ...settings,
  };
}

function movableClock(): TestSite['clock'] {
  let now = new Date('2026-05-04T08:00:00Z');
  return { now: () => now, set: (iso) => void (now = new Date(iso)) };
}

/** The rows that `apply` would write. */
async function fill(db: DataSource): Promise<void> {
  await db.query(`insert into project (name, bot, settings) values ('acme', 'stagecoach', '{}')`);
  await db.query(
    `insert into repository (project_id, name, github_id, sequence) values (1, 'acme/app', 11, 0), (1, 'acme/web', 12, 1)`,
  );
  await db.query(
    `insert into branch (project_id, name, sequence) values (1, '17.0', 0), (1, '18.0', 1), (1, 'master', 2)`,
  );
  await db.query(
    `insert into required_status (repository_id, context) values (1, 'ci/test'), (2, 'ci/test')`,
  );
  await db.query(`insert into cron (name) select unnest($1::text[])`, [CRON_NAMES]);
  await db.query('delete from cron_trigger');
}

/** Makes an API token and gives the header that carries it. */
export async function bearer(db: DataSource, name = 'robot'): Promise<Record<string, string>> {
  const token = `sct_${randomUUID()}`;
  const hash = createHash('sha256').update(token).digest('hex');
  await db.query('insert into api_token (name, hash, created_at) values ($1, $2, $3)', [
    name,
    hash,
    new Date(0),
  ]);
  return { authorization: `Bearer ${token}` };
}

/** An OAuth application, for sites that ask who is there. */
export const OAUTH = {
  clientId: 'client',
  clientSecret: new Secret('the-secret-of-the-oauth-app'),
} as const;

/** Logs somebody in where {@link OAUTH} is, and gives the header that carries it. How one gets there: login.test.ts. */
export async function loggedIn(db: DataSource, githubId: number): Promise<Record<string, string>> {
  const value = randomBytes(32).toString('base64url');
  const hash = createHmac('sha256', 'stagecoach session the-secret-of-the-oauth-app')
    .update(value)
    .digest('base64url');
  await db.query(
    `insert into web_session (hash, github_id, login, created_at, used_at) values ($1, $2, 'somebody', $3, $3)`,
    [hash, githubId, new Date('2026-05-04T08:00:00Z')],
  );
  return { cookie: `sid=${value}` };
}

async function call(url: string, method: string, options: CallOptions = {}): Promise<Answer> {
  const { body, headers } = options;
  const init: RequestInit = { method, headers: { ...headers }, redirect: 'manual' };
  if (body !== undefined) {
    init.body = typeof body === 'string' ? body : JSON.stringify(body);
    init.headers = { 'content-type': 'application/json', ...headers };
  }
  return read(await fetch(url, init));
}

async function deliver(
  url: string,
  body: string | Buffer,
  headers: Record<string, string | undefined> = {},
): Promise<Answer> {
  const bytes = Buffer.from(body);
  const all: Record<string, string | undefined> = {
    'content-type': 'application/json',
    'x-github-event': 'ping',
    'x-github-delivery': randomUUID(),
    'x-hub-signature-256': sign(bytes),
    ...headers,
  };
  const given = Object.entries(all).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  );
  return read(
    await fetch(`${url}/webhooks/github`, { method: 'POST', headers: given, body: bytes }),
  );
}

/** GitHub's signature of a body. */
export function sign(body: string | Buffer, secret = ACME_SECRET): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: (isJson ? JSON.parse(text) : {}) as AnswerBody,
  };
}
