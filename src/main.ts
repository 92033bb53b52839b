import { readFileSync } from 'node:fs';
import { CommanderError } from 'commander';
import { createProgram } from './cli/program.ts';
import { describeExit } from './lib/errors.ts';
import { parts } from './parts.ts';

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
