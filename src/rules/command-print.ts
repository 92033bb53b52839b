import { printValue } from './command-tokens.ts';
import type { CommandName } from './command-table.ts';
import type { Command, ShortForm } from './command-types.ts';

/** Prints a command in its canonical form, which is read back as the same command. */
export function printCommand(command: Command): string {
  switch (command.kind) {
    case 'approve':
      return printApprove(command.numbers, command.head);
    case 'reject':
      return 'r-';
    case 'merge-method':
      return command.method;
    case 'delegate':
      return command.logins.length === 0 ? 'delegate+' : `delegate=${command.logins.join(',')}`;
    case 'override':
      return `override=${command.contexts.map(printValue).join(',')}`;
    case 'priority':
      return command.priority;
    case 'cancel-staging':
      return 'cancel=staging';
    case 'reset':
      return `reset=${command.scope}`;
    case 'fw':
      return `fw=${command.policy}`;
    case 'limit':
      return `up to ${printValue(command.branch)}`;
    case 'remindme':
      return `remindme:${printValue(command.branch)}=${printValue(command.message)}`;
    default:
      return command.kind;
  }
}

function printApprove(numbers: readonly number[], head: string | null): string {
  if (numbers.length > 0) return `r=${numbers.join(',')}`;
  return head === null ? 'r+' : `r+ ${head}`;
}

/** The short form that one word of a comment was, null when it was a command of its own. */
export function shortForm(typed: readonly Command[]): ShortForm | null {
  const [first] = typed;
  if (typed.length < 2 || first?.kind !== 'priority') return null;
  return first.priority === 'alone' ? 'NOW!' : 'NOW';
}

/** Prints commands as one line of a comment to the bot. */
export function printComment(commands: readonly Command[], botName: string): string {
  return `@${botName} ${commands.map(printCommand).join(' ')}`;
}

/** Gives the row of the table of rights a command falls under. */
export function commandName(command: Command): CommandName {
  return command.kind === 'fw' ? `fw-${command.policy}` : command.kind;
}
