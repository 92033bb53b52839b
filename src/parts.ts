import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Parts } from './cli/parts.ts';
import { systemClock } from './lib/clock.ts';
import type { Config } from './lib/config.ts';
import type { Logger } from './lib/log.ts';

/** What the commands need, each loaded when it is used: `cron list` asks a server and needs neither git nor GitHub. */
export const parts: Parts = {
  startBot: async (...given) => (await import('./bot.ts')).startBot(...given),
  openDatabase: async (...given) => (await import('./database.ts')).openDatabase(...given),
  openApi,
  examine,
  runDemo: async (...given) => (await import('./demo/run.ts')).runDemo(...given),
};

/** The server's API over the database alone. */
async function openApi(config: Config, { log }: { readonly log: Logger }) {
  const { openDatabase } = await import('./database.ts');
  const { localApi } = await import('./web/local-api.ts');
  const { migrate } = await import('./setup/migrate.ts');
  const { cancelStaging } = await import('./ledger/stagings.ts');
  const { retryStaging } = await import('./ledger/retry-staging.ts');
  const { splitOff } = await import('./ledger/split-off.ts');
  const { wantRepair } = await import('./ledger/partial.ts');
  const { db, close } = await openDatabase(config, { log });
  await migrate(db);
  const acts = { cancelStaging, retryStaging, splitOff, wantRepair };
  const api = localApi({ db, clock: systemClock, log, acts, github: config.github });
  return { call: api.call, close: () => api.close().then(close) };
}

/** `doctor`: everything is opened as the bot would, and closed again; nothing is made below `data_dir`. */
async function examine(config: Config, { log }: { readonly log: Logger }) {
  const root = await mkdtemp(join(tmpdir(), 'stagecoach-doctor-'));
  try {
    return await examineWith(config, { log, root });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function examineWith(config: Config, { log, root }: { log: Logger; root: string }) {
  const { Accounts } = await import('./accounts.ts');
  const { openDatabase } = await import('./database.ts');
  const doctor = await import('./doctor/examine.ts');
  const { openClones } = await import('./git/index.ts');
  const identity = { name: 'Stagecoach', email: 'stagecoach@localhost' };
  const clones = await openClones({ root, identity, log, program: config.git.program });
  const accounts = new Accounts({ config, clones, log, clock: systemClock });
  const look = { log, onlyLooks: true };
  try {
    return await doctor.examine({
      config,
      github: (project) => accounts.github(project),
      gitVersion: () => Promise.resolve(clones.version.text),
      askDatabase: () => openDatabase(config, look).then((database) => database.close()),
    });
  } finally {
    await clones.close();
  }
}
