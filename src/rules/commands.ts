import { addressedLines } from './comment-lines.ts';
import { refuseMixture } from './command-mixture.ts';
import { parseLine } from './command-parse.ts';
import type { TypedCommand } from './command-parse.ts';
import { shortForm } from './command-print.ts';
import type { ParsedComment, Refusal } from './command-types.ts';

export { COMMANDS } from './command-table.ts';
export type { CommandRow } from './command-table.ts';
export { commandName, printCommand, printComment } from './command-print.ts';
export type { Command, ParsedComment, PortPolicy, Refusal, ResetScope } from './command-types.ts';

/** Longest comment whose commands are carried out, in UTF-16 units; longer ones get an answer (R13). */
export const COMMENT_LIMIT = 5_000;
/** Most commands in one comment (R13). */
export const COMMAND_LIMIT = 10;

/**
 * Reads what a comment asks of the bot (spec 3, R13). All or nothing: one thing not understood in
 * any addressed line refuses the whole comment. Never throws; linear in the length of the text.
 */
export function parseComment(text: string, botName: string): ParsedComment {
  const lines = addressedLines(text, botName);
  if (lines.length === 0) return { kind: 'none' };
  if (text.length > COMMENT_LIMIT) {
    return refused({ kind: 'too-long', length: text.length, limit: COMMENT_LIMIT });
  }
  const typed: TypedCommand[] = [];
  for (const line of lines) {
    const result = parseLine(line, COMMAND_LIMIT - typed.length);
    if (result.kind === 'refused') return refused(withWholeLimit(result.refusal));
    typed.push(...result.value);
  }
  const refusal = refuseMixture(typed);
  if (refusal !== null) return refused(refusal);
  const short = typed.map(shortForm).find((one) => one !== null);
  return { kind: 'commands', commands: typed.flat(), ...(short ? { short } : {}) };
}

/** A line knows only what was left of the limit. */
function withWholeLimit(refusal: Refusal): Refusal {
  return refusal.kind === 'too-many' ? { ...refusal, limit: COMMAND_LIMIT } : refusal;
}

function refused(refusal: Refusal): ParsedComment {
  return { kind: 'refused', refusal };
}
