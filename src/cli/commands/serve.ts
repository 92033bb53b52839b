import type { Command } from 'commander';
import type { Logger } from '../../lib/log.ts';
import { openLog, readConfig } from '../config.ts';
import { globalsOf } from '../context.ts';
import type { Parts } from '../parts.ts';
import { untilStopped } from '../signals.ts';

/** `serve` and `demo`: what runs until it is stopped. */
export function addServe(program: Command, parts: Parts): void {
  program
    .command('serve')
    .description('run the bot: apply the configuration, then work until stopped')
    .action((_options: unknown, command: Command) => serve(parts, command));
  program
    .command('demo')
    .description('a small world to look at: simulator, bot and a story')
    .option('--once', 'play the story, print what happened, end')
    .option('--no-story', 'an empty world')
    .action(async ({ once, story }: { once?: boolean; story: boolean }) => {
      process.exitCode = await parts.runDemo({ once: once === true, story });
    });
}

/** SIGTERM and SIGINT end it within ten seconds with exit code 0 (contract 1). */
async function serve(parts: Parts, command: Command): Promise<void> {
  const config = await readConfig(globalsOf(command).file);
  const log = openLog(config);
  endByFaults(log);
  const bot = await parts.startBot(config, { log });
  log.info({ url: bot.url }, 'listening');
  const signal = await untilStopped();
  log.info({ signal }, 'stopping');
  await bot.stop();
}

/**
 * What nobody caught leaves nobody knows what half done: the process ends, and whoever supervises it starts another, which
 * takes up what is in the database (reliability F-023). It is told by the log alone, which strikes out secrets.
 */
function endByFaults(log: Logger): void {
  process.on('uncaughtException', (error, origin) => {
    log.error({ err: error, origin }, 'ended by an error that nobody caught: a bug in stagecoach');
    process.exit(1);
  });
}
