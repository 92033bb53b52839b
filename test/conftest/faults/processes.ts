import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Json } from '../people.ts';
import type { Story } from '../story.ts';
import type { LogLine } from '../log.ts';

const PROGRAM = fileURLToPath(new URL('../../../bin/stagecoach.mjs', import.meta.url));
const SECRET = 'another-long-shared-webhook-secret';
const PATIENCE_MS = 90_000;
const LAST_LINES = 30;

/** Who is waited for: when it is in vain, what they last said is in the error. */
type Speakers = readonly Pick<ServeProcess, 'name' | 'lines'>[];

/** Waits for something that other processes do. @throws Error when it does not come. */
export async function until<T>(
  what: string,
  look: () => Promise<T | null>,
  speakers: Speakers = [],
): Promise<T> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (Date.now() > end) throw new Error(inVain(what, speakers));
    await new Promise((resolve) => setTimeout(resolve, 25)); // other processes tell nobody when they are done
  }
}

function inVain(what: string, speakers: Speakers): string {
  const said = speakers.flatMap(({ name, lines }) =>
    lines.slice(-LAST_LINES).map((line) => `${name}: ${JSON.stringify(line)}`),
  );
  return [`waited in vain for ${what}`, ...said].join('\n');
}

/** Addresses a process is given instead of the straight ones, and what it is given less than others. */
export interface Ways {
  readonly database?: string;
  readonly github?: string;
  /** A limit of the shell that it runs under: `ulimit -n 64`. */
  readonly limit?: string;
  /** Words for Node itself, before the program. */
  readonly node?: readonly string[];
}

/** A `serve` of its own, as an operator runs it. */
export class ServeProcess {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly lines: LogLine[] = [];
  readonly ended: Promise<number | null>;
  #rest = '';

  private constructor(file: string, ways: Ways & { name: string; database: string }) {
    const { name, database: url, limit = ':', node = [] } = ways;
    this.name = name;
    const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], STAGECOACH_TEST_DB: url };
    const args = [process.execPath, ...node, PROGRAM, 'serve', '--config', file];
    const shell = ['-c', `${limit}; exec "$0" "$@"`, ...args];
    this.#child = spawn('/bin/sh', shell, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    this.#child.stdout?.on('data', (chunk: Buffer) => this.#read(chunk));
    this.ended = new Promise((resolve) => this.#child.on('exit', (code) => resolve(code)));
  }

  /**
   * Starts one on the database and the GitHub of a story, with a folder of its own for its clones.
   *
   * @param ways others than the straight ones to the same database and the same GitHub.
   */
  static async start(story: Story, name: string, ways: Ways = {}): Promise<ServeProcess> {
    const file = join(story.folder, `${name}.yml`);
    const { database = story.config.database.url?.reveal() ?? '', github = story.sim } = ways;
    writeFileSync(file, JSON.stringify(settings(story, { name, github })));
    const serve = new ServeProcess(file, { ...ways, name, database });
    await until(`${name} to listen`, () => Promise.resolve(serve.#url), [serve]);
    return serve;
  }

  get url(): string {
    return String(this.#url);
  }

  get #url(): string | null {
    const line = this.lines.find((one) => one.msg === 'listening');
    return line === undefined ? null : String(line['url']);
  }

  /** Where GitHub is told to send its webhooks to. */
  async receive(story: Story): Promise<void> {
    for (const { path } of story.repositories)
      for (const hook of (await story.as('root').get(`${path}/hooks`)) as Json[]) {
        const config = {
          ...hook.config,
          secret: SECRET,
          url: `${String(this.#url)}/webhooks/github`,
        };
        await story.as('root').patch(`${path}/hooks/${String(hook.id)}`, { config });
      }
  }

  /** Asks it for a page. */
  get(page: string): Promise<Response> {
    return fetch(`${String(this.#url)}${page}`, { signal: AbortSignal.timeout(PATIENCE_MS) });
  }

  /** Nobody reads its log until `readOn`. */
  leaveUnread(): void {
    this.#child.stdout?.pause();
  }

  readOn(): void {
    this.#child.stdout?.resume();
  }

  /** Whoever read its log is gone. */
  closeOutput(): void {
    this.#child.stdout?.destroy();
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Runs that changed something. */
  get works(): number {
    return this.lines.filter((line) => 'run' in line).length;
  }

  async stop(): Promise<number | null> {
    this.signal('SIGCONT');
    this.signal('SIGTERM');
    return this.ended;
  }

  #read(chunk: Buffer): void {
    const parts = (this.#rest + chunk.toString()).split('\n');
    this.#rest = parts.pop() ?? '';
    this.lines.push(...parts.filter(Boolean).map((part) => JSON.parse(part) as LogLine));
  }
}

function settings(
  { folder, repositories }: Story,
  { name, github: sim }: { name: string; github: string },
): object {
  const names = repositories.map((one) => one.fullName);
  return {
    server: { host: '127.0.0.1', port: 0, url: 'http://127.0.0.1:1' },
    database: { url: '${STAGECOACH_TEST_DB}' },
    data_dir: join(folder, name),
    github: { api_url: sim, graphql_url: `${sim}/graphql`, git_url: sim, web_url: sim },
    projects: [
      {
        name: 'acme',
        bot: 'stagecoach',
        token: 'tok-stagecoach',
        webhook_secret: SECRET,
        branches: ['18.0', 'master'],
        repositories: names.map((one) => ({ name: one, statuses: [{ context: 'ci/test' }] })),
        people: [{ login: 'rita', email: 'rita@acme.test', review: names, admin: true }],
      },
    ],
  };
}
