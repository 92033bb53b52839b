import { Command } from 'commander';
import { addCron } from './commands/cron.ts';
import { addForwardport } from './commands/forwardport.ts';
import { addPr } from './commands/pr.ts';
import { addQueue } from './commands/queue.ts';
import { addRights } from './commands/rights.ts';
import { addServe } from './commands/serve.ts';
import { addSetup } from './commands/setup.ts';
import { addStaging } from './commands/staging.ts';
import type { Parts } from './parts.ts';

/** The command line (contract 5). Parsing throws instead of ending the process: main decides on exit codes. */
export function createProgram(parts: Parts, version: string): Command {
  const program = new Command('stagecoach')
    .description('Lands pull requests of several repositories together, and carries them forward.')
    .version(version)
    .option('--config <file>', 'the configuration file, stagecoach.yml')
    .option('--json', 'print what programs can read')
    .showHelpAfterError('(--help lists what there is)')
    .exitOverride();
  for (const add of [
    addServe,
    addSetup,
    addPr,
    addStaging,
    addCron,
    addQueue,
    addRights,
    addForwardport,
  ])
    add(program, parts);
  return program;
}
