import { environment, loadConfig, secretsOf } from '../lib/config.ts';
import type { Config, ConfigRules } from '../lib/config.ts';
import { UserError } from '../lib/errors.ts';
import { createLog } from '../lib/log.ts';
import type { Logger, LogLevel } from '../lib/log.ts';
import { parseSubstitution } from '../rules/substitutions.ts';
import { CRON_NAMES } from '../triggers/names.ts';

/** What the keys of the file mean elsewhere. */
const RULES: ConfigRules = { cronNames: CRON_NAMES, readSubstitution: parseSubstitution };

/** Reads `--config FILE`. @throws UserError with exit code 2 when it is missing or wrong. */
export async function readConfig(file: string | undefined): Promise<Config> {
  if (file === undefined)
    throw new UserError({ code: 'usage', detail: 'this command needs --config FILE' });
  return loadConfig(file, RULES);
}

/** The log of a process. `level` is for commands whose own output is what counts. */
export function openLog(config: Config, level?: LogLevel): Logger {
  return createLog({ level: level ?? environment().logLevel, secrets: secretsOf(config) });
}
