import { printCommand } from './command-print.ts';
import type { Command, Refusal } from './command-types.ts';

/** Pairs of kinds that ask for opposite things. */
const OPPOSITES: readonly (readonly [Command['kind'], Command['kind']])[] = [
  ['reject', 'skipchecks'],
  ['approve', 'close'],
];

/**
 * Refuses a comment that says the same thing twice or asks for opposite things, so that nobody has
 * to know in which order commands are carried out; null when the commands go together.
 */
export function refuseMixture(commands: readonly Command[]): Refusal | null {
  const seen = new Map<string, Command>();
  for (const command of commands) {
    const slot = slotOf(command);
    const other = seen.get(slot) ?? opposite(command, commands);
    if (other !== undefined) return clash(other, command);
    seen.set(slot, command);
  }
  return null;
}

function clash(first: Command, second: Command): Refusal {
  const texts = [printCommand(first), printCommand(second)] as const;
  if (texts[0] === texts[1]) return { kind: 'repeated', command: texts[0] };
  return { kind: 'contradiction', first: texts[0], second: texts[1] };
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

function opposite(command: Command, commands: readonly Command[]): Command | undefined {
  const pair = OPPOSITES.find(([one]) => one === command.kind);
  return pair === undefined ? undefined : commands.find((other) => other.kind === pair[1]);
}
