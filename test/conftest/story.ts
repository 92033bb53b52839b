import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bot, startBot } from '../../src/bot.ts';
import { type Config, parseConfig } from '../../src/lib/config.ts';
import { parseSubstitution } from '../../src/rules/substitutions.ts';
import { applyConfig } from '../../src/setup/apply.ts';
import { CRONS } from '../../src/crons/table.ts';
import { CRON_NAMES } from '../../src/triggers/names.ts';
import { TestClock } from './clock.ts';
import { freshDatabase } from './database.ts';
import { brokenInvariants } from './invariants/check.ts';
import { type LogLine, TestLog } from './log.ts';
import { call, type Json, type Person, personAt } from './people.ts';
import { TestRepository } from './repository.ts';
import { startSimulator, type WatchedSimulator } from './simulator.ts';
import { LOGINS, type Login, type StoryView } from './view.ts';
import { writesOutside } from './writes.ts';

const SECRET = 'a-long-shared-webhook-secret';
const SERVER = { host: '127.0.0.1', port: 0, url: 'http://127.0.0.1:1' };
const ROUNDS = 50;

/** What a story starts from; everything has a usual value. */
export interface Shape {
  readonly repositories?: readonly string[];
  /** Oldest first. */
  readonly branches?: readonly string[];
  readonly staging?: object;
  readonly forwardport?: object;
  readonly reminders?: object;
  readonly people?: readonly object[];
  readonly statuses?: readonly object[];
  readonly project?: object;
  /** Parts of the configuration beside the project: `server`, `git`. */
  readonly settings?: Readonly<Record<string, object>>;
}

/**
 * A bot with a GitHub of its own: real git, real HTTP, real PostgreSQL, nothing shared with another story. Time moves only
 * when the story says so, and crons run only in `settle`. Its end closes the world: what nobody read, expected or finished
 * fails the story.
 */
export class Story implements StoryView {
  readonly clock = new TestClock();
  readonly log = new TestLog();
  /** Complaints of the judge that have a reason in this story. */
  readonly forgiven: RegExp[] = [];
  readonly #repositories = new Map<string, TestRepository>();
  #unreadAllowed = false;
  sim = '';
  simulator!: WatchedSimulator;
  config!: Config;
  #shape: Shape = {};
  #databaseUrl = '';
  bot!: Bot;
  folder = '';
  readonly #undo: (() => Promise<void>)[] = [];

  static async start(shape: Shape): Promise<Story> {
    const story = new Story();
    try {
      await story.#start(shape);
      return story;
    } catch (error) {
      await story.#end();
      throw error;
    }
  }

  async #start(shape: Shape): Promise<void> {
    this.folder = mkdtempSync(join(tmpdir(), 'stagecoach-story-'));
    this.#undo.push(() => rm(this.folder, { recursive: true, force: true }));
    const [simulator, database] = await Promise.all([
      startSimulator({ port: 0, data: join(this.folder, 'github') }),
      freshDatabase(),
    ]);
    this.#undo.push(() => database.drop());
    this.#undo.push(() => simulator.close());
    this.simulator = simulator;
    this.sim = simulator.url.replace(/\/$/, '');
    await this.#populate(shape);
    this.#databaseUrl = database.url;
    this.config = this.#configure(shape);
    await this.startBot();
    await this.#addHooks();
    await this.settle(); // what a first start asks for: a look at everything
  }

  async #populate({ repositories = ['app'], branches = ['17.0', '18.0', 'master'] }: Shape) {
    for (const login of LOGINS) {
      const email = `${login}@acme.test`;
      await this.control('POST', '/_sim/users', {
        login,
        name: login,
        email,
        token: `tok-${login}`,
      });
    }
    await this.control('POST', '/_sim/users', { login: 'acme', type: 'Organization' });
    for (const name of repositories) {
      const repository = new TestRepository(this, name, branches);
      this.#repositories.set(name, repository);
      await repository.create();
    }
  }

  #configure(shape: Shape): Config {
    this.#shape = shape;
    const names = [...this.#repositories.keys()].map((name) => `acme/${name}`);
    const rita = {
      login: 'rita',
      email: 'rita@acme.test',
      review: names,
      overrides: ['ci/test'],
      admin: true,
    };
    const text = JSON.stringify({
      ...shape.settings,
      server: { ...SERVER, ...shape.settings?.['server'] },
      database: { url: this.#databaseUrl },
      data_dir: join(this.folder, 'bot'),
      github: {
        api_url: this.sim,
        graphql_url: `${this.sim}/graphql`,
        git_url: this.sim,
        web_url: this.sim,
      },
      projects: [
        {
          name: 'acme',
          bot: 'stagecoach',
          token: 'tok-stagecoach',
          webhook_secret: SECRET,
          branches: shape.branches ?? ['17.0', '18.0', 'master'],
          repositories: names.map((name) => ({
            name,
            statuses: shape.statuses ?? [{ context: 'ci/test', prs: 'required', stagings: true }],
          })),
          people: shape.people ?? [rita],
          staging: { batch_limit: 8, timeout: '60m', ...shape.staging },
          forwardport: { enabled: true, ...shape.forwardport },
          reminders: { after: '3d', ...shape.reminders },
          ...shape.project,
        },
      ],
    });
    const rules = { cronNames: CRON_NAMES, readSubstitution: parseSubstitution };
    const result = parseConfig(text, { rules, folder: this.folder });
    if ('problems' in result) throw new Error(JSON.stringify(result.problems));
    return result.config;
  }

  /** Starts the bot again: what a restart after a crash or a deployment does. */
  async startBot(): Promise<void> {
    this.bot = await startBot(this.config, {
      log: this.log.logger,
      clock: this.clock,
      selfDriven: false,
    });
  }

  /** The configuration file is changed and applied. */
  async reconfigure(change: Pick<Shape, 'staging' | 'statuses' | 'project'>): Promise<void> {
    this.config = this.#configure({ ...this.#shape, ...change });
    const { db, clock } = this.bot.world;
    await db.transaction((tx) => applyConfig(tx, this.config, { now: clock.now() }));
    await this.settle();
  }

  /** Another process takes over: same database, same folders, its own address. */
  async restartBot(): Promise<void> {
    await this.startBot();
    await this.#moveHooks();
  }

  async #moveHooks(): Promise<void> {
    for (const { path } of this.repositories) {
      for (const hook of (await this.as('root').get(`${path}/hooks`)) as Json[]) {
        const config = { ...hook.config, secret: SECRET, url: `${this.bot.url}/webhooks/github` };
        await this.as('root').patch(`${path}/hooks/${String(hook.id)}`, { config });
      }
    }
  }

  async #addHooks(): Promise<void> {
    const events = 'pull_request issue_comment pull_request_review status check_run push'.split(
      ' ',
    );
    const config = { url: `${this.bot.url}/webhooks/github`, content_type: 'json', secret: SECRET };
    for (const name of this.#repositories.keys()) {
      await this.as('root').post(`/repos/acme/${name}/hooks`, {
        name: 'web',
        active: true,
        events,
        config,
      });
    }
  }

  /** GitHub as somebody sees it. */
  as(login: Login): Person {
    return personAt(this.sim, login);
  }

  /** The simulator's control interface. */
  control(method: string, path: string, body?: unknown): Promise<Json> {
    return call(this.sim + path, { method, body });
  }

  /** The bot's own API. */
  api(method: string, path: string, body?: unknown): Promise<Json> {
    return call(this.bot.url + path, { method, body });
  }

  repository(name = 'app'): TestRepository {
    const repository = this.#repositories.get(name);
    if (!repository) throw new Error(`this story has no repository ${name}`);
    return repository;
  }

  get repositories(): TestRepository[] {
    return [...this.#repositories.values()];
  }

  /** Says that this story is not about words. */
  ignoreComments(): void {
    this.#unreadAllowed = true;
  }

  /** Delivers what GitHub has to tell and runs woken crons, until nothing is due on either side. */
  async settle(): Promise<void> {
    for (let round = 0; round < ROUNDS; round += 1) {
      await this.control('GET', '/_sim/idle?timeout_ms=10000');
      if ((await this.bot.runner.runDue()) === 0) return;
    }
    const due: unknown = await this.bot.world.db.query('select * from cron_trigger');
    throw new Error(`does not settle: ${JSON.stringify(due).slice(0, 1000)}`);
  }

  /** Lets time pass, and what becomes due with it happen. */
  async pass(ms: number): Promise<void> {
    this.clock.advance(ms);
    await this.settle();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const complaints: string[] = [];
    try {
      complaints.push(...(await this.#complaints()));
    } finally {
      await this.#end();
    }
    if (complaints.length > 0)
      throw new Error(`the world is not closed:\n${complaints.join('\n')}`);
  }

  async #complaints(): Promise<string[]> {
    await this.settle();
    const surprises = this.log.surprises.map(describeLine);
    const dead = await this.bot.world.db.query<{ line: string }[]>(
      `select 'delivery ' || event || ': ' || coalesce(last_error, '') as line from delivery where dead_at is not null
       union all select 'feedback ' || key || ': ' || coalesce(last_error, '') from feedback where dead_at is not null
       union all select 'port of batch ' || batch_id || ': ' || coalesce(last_error, '') from forwardport_job where dead_at is not null`,
    );
    const unread: string[] = [];
    for (const pull of this.#unreadAllowed ? [] : this.repositories.flatMap((one) => one.pulls)) {
      for (const text of await pull.said()) unread.push(`unread on ${pull.name}: ${text}`);
    }
    const status = (await this.api('GET', '/api/status')) as { idle: boolean };
    return [
      ...surprises,
      ...(await this.simulator.surprises()).map((line) => `GitHub: ${line}`),
      ...dead.map((row) => `dead letter: ${row.line}`),
      ...unread,
      ...(await brokenInvariants(this)).filter((one) => !this.forgiven.some((it) => it.test(one))),
      ...writesOutside(CRONS).map((one) => `writes what docs/CRONS.md does not say: ${one}`),
      ...(status.idle ? [] : [`not idle: ${JSON.stringify(status)}`]),
    ];
  }

  async #end(): Promise<void> {
    await (this.bot as Bot | undefined)?.stop();
    for (const undo of this.#undo.splice(0).reverse()) await undo();
  }
}

/** Starts a story. */
export function aStory(shape: Shape = {}): Promise<Story> {
  return Story.start(shape);
}

function describeLine(line: LogLine): string {
  const error = line['err'] as { message?: string; stack?: string } | undefined;
  const where = error?.stack?.split('\n').slice(1, 4).join('\n') ?? '';
  return `log: ${line.msg}: ${error?.message ?? JSON.stringify(line)}\n${where}`;
}
