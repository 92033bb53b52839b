import { Writable } from 'node:stream';
import type { DataSource } from 'typeorm';
import { dataSource } from '../../ormconfig.ts';
import { takeDue } from '../../src/crons/lease.ts';
import { openRun } from '../../src/crons/run.ts';
import type { GitHub } from '../../src/github/gateway.ts';
import { parseConfig } from '../../src/lib/config.ts';
import { createLog } from '../../src/lib/log.ts';
import { parseSubstitution } from '../../src/rules/substitutions.ts';
import { applyConfig } from '../../src/setup/apply.ts';
import { deleteWakes, wake } from '../../src/triggers/inbox.ts';
import { CRON_NAMES, type CronName } from '../../src/triggers/names.ts';
import type { Run, World } from '../../src/world.ts';
import { freshDatabase } from './database.ts';

/** A database with one project: `acme`, branches 18.0 and master, repositories acme/app and acme/web. */
export interface ConfiguredDatabase {
  readonly db: DataSource;
  close(): Promise<void>;
}

const PROJECT = {
  name: 'acme',
  bot: 'stagecoach',
  token: 'tok-stagecoach',
  webhook_secret: 'a-long-shared-webhook-secret',
  branches: ['18.0', 'master'],
  repositories: [
    { name: 'acme/app', statuses: [{ context: 'ci/test' }] },
    { name: 'acme/web', statuses: [{ context: 'ci/test' }] },
  ],
};

/** Makes it. The repositories get ids 1 and 2, the branches too. */
export async function configuredDatabase(now: Date): Promise<ConfiguredDatabase> {
  const database = await freshDatabase();
  const db = await dataSource(database.url).initialize();
  const result = parseConfig(JSON.stringify({ projects: [PROJECT] }), {
    rules: { cronNames: CRON_NAMES, readSubstitution: parseSubstitution },
    folder: '/',
  });
  if (result.kind === 'problems') throw new Error(JSON.stringify(result.problems));
  await db.transaction((tx) => applyConfig(tx, result.config, { now }));
  await db.query('delete from cron_trigger');
  const close = async () => {
    await db.destroy();
    await database.drop();
  };
  return { db, close };
}

/** One run of a cron by hand, and what it logged. */
export interface HandRun {
  readonly run: Run;
  readonly logged: Record<string, unknown>[];
}

/** Takes the lease of a cron and opens a run at a time of the test's choice, with the GitHub it is given. */
export async function openHandRun(
  db: DataSource,
  cron: CronName,
  world: { readonly now: () => Date; readonly github?: GitHub; readonly botId?: number },
): Promise<HandRun> {
  await db.query('update cron set lease_until = null where name = $1', [cron]);
  await wake(db.manager, cron);
  const answer = await takeDue(db, cron, { owner: 'test', now: world.now() });
  if (answer.kind !== 'taken') throw new Error(`${cron}: ${answer.kind}`);
  await deleteWakes(db.manager, answer.wakes);
  const logged: Record<string, unknown>[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      logged.push(JSON.parse(chunk.toString()) as Record<string, unknown>);
      done();
    },
  });
  const identity = { id: String(world.botId ?? 0), login: 'bot', name: 'bot', email: 'bot@test' };
  const partial: Partial<World> = {
    db,
    clock: { now: world.now },
    log: createLog({ level: 'info', destination }),
    identity: () => Promise.resolve(identity),
    url: 'https://bot.test',
    webUrl: 'https://git.test',
    ...(world.github ? { github: () => world.github! } : {}),
  };
  return { run: openRun(partial as World, answer.lease, () => false), logged };
}
