import { readFileSync } from 'node:fs';
import { CommanderError } from 'commander';
import type { Parts } from './cli/parts.ts';
import { createProgram } from './cli/program.ts';
import { systemClock } from './lib/clock.ts';
import { describeExit } from './lib/errors.ts';

/** Each part is loaded when it is used: `cron list` needs neither git nor GitHub. */
const parts: Parts = {
  startBot: async (...given) => (await import('./bot.ts')).startBot(...given),
  openDatabase: async (...given) => (await import('./database.ts')).openDatabase(...given),
  openApi: async (config, { log }) => {
    const { openDatabase } = await import('./database.ts');
    const { localApi } = await import('./web/server.ts');
    const { migrate } = await import('./setup/migrate.ts');
    const { cancelStaging } = await import('./ledger/stagings.ts');
    const { retryStaging } = await import('./ledger/retry-staging.ts');
    const { db, close } = await openDatabase(config, { log });
    await migrate(db);
    const acts = { cancelStaging, retryStaging };
    const api = localApi({ db, clock: systemClock, log, acts, github: config.github });
    return { call: api.call, close: () => api.close().then(close) };
  },
  examine: async (...given) => (await import('./doctor/examine.ts')).examine(...given),
  runDemo: async (...given) => (await import('./demo/run.ts')).runDemo(...given),
};

/** Commander has printed its own errors already; 0 means help or version was asked for. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const { text, exitCode } = describeExit(error);
  process.stderr.write(`${text}\n`);
  return exitCode;
}

function version(): string {
  const file = new URL('../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

try {
  await createProgram(parts, version()).parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}
