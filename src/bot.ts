import type { DataSource } from 'typeorm';
import { Accounts, clonesFolder } from './accounts.ts';
import { openDatabase } from './database.ts';
import { Runner } from './crons/runner.ts';
import { type Fallback, Schedule } from './crons/schedule.ts';
import { CRONS } from './crons/table.ts';
import { openClones } from './git/index.ts';
import { GitHubError } from './github/errors.ts';
import { cancelStaging } from './ledger/stagings.ts';
import { wantRepair } from './ledger/partial.ts';
import { retryStaging } from './ledger/retry-staging.ts';
import { splitOff } from './ledger/split-off.ts';
import { type Clock, systemClock } from './lib/clock.ts';
import type { Config } from './lib/config.ts';
import { UserError } from './lib/errors.ts';
import type { Logger } from './lib/log.ts';
import { applyConfig } from './setup/apply.ts';
import { migrate } from './setup/migrate.ts';
import { learnOwnIds, resolvePeople } from './setup/people.ts';
import { CRON_NAMES, isCronName, type CronName } from './triggers/names.ts';
import { Listener } from './triggers/listen.ts';
import { startWeb } from './web/server.ts';
import type { World } from './world.ts';

/** A running bot. */
export interface Bot {
  /** Where receiver, API and pages are. */
  readonly url: string;
  readonly world: World;
  readonly runner: Runner;
  /** Starts nothing new, lets running items finish, closes everything. */
  stop(): Promise<void>;
}

/** What a bot is started with. */
export interface BotOptions {
  readonly log: Logger;
  readonly clock?: Clock;
  /**
   * False: no listener and no timers; somebody else calls the runner. The clock may then be any: tests see each step and
   * never wait.
   */
  readonly selfDriven?: boolean;
}

/** Starts everything: database, configuration, receiver and pages, listener, crons and their schedule. */
export async function startBot(config: Config, options: BotOptions): Promise<Bot> {
  const { log, clock = systemClock, selfDriven = true } = options;
  const database = await openDatabase(config, { log });
  const undo: (() => Promise<void>)[] = [() => database.close()];
  const stop = async () => {
    for (const one of undo.splice(0).reverse()) await one();
  };
  try {
    const world = await buildWorld(config, { db: database.db, log, clock });
    undo.push(() => world.close());
    await migrate(database.db);
    await database.db.transaction((tx) => applyConfig(tx, config, { now: clock.now() }));
    await meetGitHub(config, world);
    const runner = new Runner(world, bodies());
    undo.push(() => runner.stop());
    let engine: Engine | null = null; // starts last: an address that is taken must be found before any work is done
    const web = await startWeb({
      db: database.db,
      clock,
      log,
      settings: webSettings(config),
      dataDir: config.dataDir,
      listening: () => (selfDriven ? (engine?.listening() ?? false) : true),
      acts: { cancelStaging, retryStaging, splitOff, wantRepair },
    });
    undo.push(() => web.close());
    if (selfDriven) {
      engine = await startEngine(config, {
        world,
        runner,
        url: database.url,
        changed: web.changed,
      });
      undo.push(() => engine?.stop() ?? Promise.resolve());
    }
    return { url: web.url, world, runner, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function buildWorld(
  config: Config,
  { db, log, clock }: { db: DataSource; log: Logger; clock: Clock },
): Promise<World & { close(): Promise<void> }> {
  const identity = { name: 'Stagecoach', email: 'stagecoach@localhost' };
  const clones = await openClones({
    root: clonesFolder(config),
    identity,
    log,
    program: config.git.program,
  });
  const accounts = new Accounts({ config, clones, log, clock });
  return {
    db,
    clock,
    log,
    url: config.server.url,
    webUrl: config.github.webUrl,
    github: (project, account) => accounts.github(project, account),
    clone: (project, repository, account) => accounts.clone(project, repository, account),
    identity: (project, account) => accounts.identity(project, account),
    close: () => clones.close(),
  };
}

/**
 * Asks GitHub who the bot is and who its people are. A refused token ends the start, since nothing would work; a GitHub
 * that does not answer does not: the crons will find it when it is back.
 *
 * @throws UserError when a token is refused.
 */
async function meetGitHub(config: Config, world: World): Promise<void> {
  for (const { name, forwardportToken } of config.projects) {
    try {
      await learnOwnIds(world.db, name, [
        await world.identity(name),
        ...(forwardportToken ? [await world.identity(name, 'forwardport')] : []),
      ]);
      const lookUp = async (login: string) => {
        const account = await world.github(name).user(login);
        return 'kind' in account ? null : account;
      };
      const unknown = await resolvePeople(world.db, { lookUp, now: world.clock.now() });
      if (unknown.length > 0) world.log.warn({ logins: unknown }, 'nobody has these logins');
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error;
      const waits = error.retryAfterMs !== null; // a suspended App: other projects go on
      if (!waits && (error.status === 401 || error.status === 403)) {
        const failure = { code: 'token-refused', project: name, detail: error.detail } as const;
        throw new UserError(failure, { cause: error });
      }
      world.log.warn({ err: error, project: name }, 'GitHub does not answer, started without it');
    }
  }
}

function bodies() {
  const entries = CRON_NAMES.map((name) => [name, CRONS[name].run] as const);
  return Object.fromEntries(entries) as Record<CronName, (typeof entries)[number][1]>;
}

function webSettings(config: Config): Parameters<typeof startWeb>[0]['settings'] {
  const { host, port, url, auth, oauth, proxies } = config.server;
  return {
    host,
    port,
    url,
    auth,
    proxies,
    oauth: oauth ?? null,
    github: { apiUrl: config.github.apiUrl, webUrl: config.github.webUrl },
    webhookSecrets: config.projects.flatMap((project) =>
      project.webhookSecrets.map((secret) => ({ project: project.name, secret })),
    ),
  };
}

interface Engine {
  listening(): boolean;
  stop(): Promise<void>;
}

/** What drives the runner: notifications, deadlines and fallback intervals. */
async function startEngine(
  config: Config,
  given: { world: World; runner: Runner; url: string; changed: () => void },
): Promise<Engine> {
  const { world, runner, url, changed } = given;
  const { db, clock, log } = world;
  const schedule = new Schedule({ db, clock, log, due: () => runner.kickDue() });
  const rung = (payload: string) => {
    changed();
    if (isCronName(payload)) runner.kick(payload);
    else void schedule.rearm();
  };
  const connected = () => void schedule.rearm(); // what was rung meanwhile is in the inbox
  const listener = new Listener(url, { rung, connected }, log);
  await listener.start();
  await schedule.start(fallbacks(config));
  return {
    listening: () => listener.listening,
    stop: async () => {
      schedule.stop();
      await listener.close();
    },
  };
}

function fallbacks(config: Config): Record<CronName, Fallback> {
  const entries = CRON_NAMES.map((name) => [name, config.crons[name]?.every ?? CRONS[name].every]);
  return Object.fromEntries(entries) as Record<CronName, Fallback>;
}
