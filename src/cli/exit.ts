import { CommanderError } from 'commander';
import { describeExit } from '../lib/errors.ts';

/** How a command ended that threw: what is printed on standard error, and the exit code (contract 5). */
export function exitOf(error: unknown): { readonly text: string; readonly exitCode: number } {
  if (!(error instanceof CommanderError)) {
    const { text, exitCode } = describeExit(error);
    return { text: `${text}\n`, exitCode };
  }
  // commander has printed its own words already; 0 means help or version was asked for
  return { text: '', exitCode: error.exitCode === 0 ? 0 : 2 };
}
