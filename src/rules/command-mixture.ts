import type { TypedCommand } from './command-parse.ts';
import { printCommand, shortForm } from './command-print.ts';
import type { Command, Refusal } from './command-types.ts';

/** Pairs of kinds that ask for opposite things. */
const OPPOSITES: readonly (readonly [Command['kind'], Command['kind']])[] = [
  ['reject', 'skipchecks'],
  ['approve', 'close'],
];

/** A command and the word it was written as. */
interface Written {
  readonly command: Command;
  readonly as: string;
}

/**
 * Refuses a comment that says the same thing twice or asks for opposite things, so that nobody has
 * to know in which order commands are carried out; null when the commands go together.
 */
export function refuseMixture(typed: readonly TypedCommand[]): Refusal | null {
  const all = typed.flatMap((commands) =>
    commands.map((command) => ({ command, as: shortForm(commands) ?? printCommand(command) })),
  );
  const seen = new Map<string, Written>();
  for (const one of all) {
    const slot = slotOf(one.command);
    const other = seen.get(slot) ?? opposite(one.command, all);
    if (other !== undefined) return clash(other, one);
    seen.set(slot, one);
  }
  return null;
}

function clash(first: Written, second: Written): Refusal {
  const text = printCommand(second.command);
  if (printCommand(first.command) !== text)
    return { kind: 'contradiction', first: first.as, second: second.as };
  return { kind: 'repeated', command: first.as === second.as ? first.as : text };
}

/** What a command decides: two commands on one slot are one too many. */
function slotOf(command: Command): string {
  switch (command.kind) {
    case 'approve':
    case 'reject':
      return 'review';
    case 'limit':
    case 'ignore':
      return 'limit';
    case 'delegate':
    case 'override':
    case 'remindme':
      return printCommand(command);
    default:
      return command.kind;
  }
}

function opposite(command: Command, all: readonly Written[]): Written | undefined {
  const pair = OPPOSITES.find(([one]) => one === command.kind);
  return pair === undefined ? undefined : all.find((other) => other.command.kind === pair[1]);
}
