import { pino } from 'pino';
import type { DestinationStream } from 'pino';
import { serialiseError } from './log/error.ts';
import { redactText } from './log/redact.ts';
import { standardOutput } from './log/standard-output.ts';
import type { Secret } from './secret.ts';

/** The logger of one part of the program. Messages are constant sentences, data goes into fields. */
export type Logger = pino.Logger;

/** How much is written: `info` when the bot changed something, `debug` when it looked. */
export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug', 'trace'] as const;

/** One of {@link LOG_LEVELS}. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Fields that never hold anything worth reading, wherever they turn up within the first levels. */
const SECRET_FIELDS = ['token', 'password', 'secret', 'authorization', 'cookie', 'privateKey'];
const PATHS = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);

/**
 * Makes the root logger. Three nets hold secrets back: fields by name, values known as {@link Secret}, and
 * everything that looks like a token, in the finished line. Errors are written by an allow-list of fields.
 */
export function createLog(options: {
  readonly level: LogLevel;
  /** Values of the configuration to strike out. */
  readonly secrets?: readonly Secret[];
  /** Standard output when left out. */
  readonly destination?: DestinationStream;
}): Logger {
  const known = (options.secrets ?? []).map((secret) => secret.reveal());
  return pino(
    {
      level: options.level,
      base: null,
      serializers: { err: serialiseError, error: serialiseError },
      redact: { paths: PATHS, censor: '***' },
      hooks: { streamWrite: (line) => redactText(line, known) },
    },
    options.destination ?? standardOutput(),
  );
}
