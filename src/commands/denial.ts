import { accessDenied, overrideDenied } from '../messages/commands.ts';
import type { AccessTable } from '../rules/access-table.ts';
import { type Command, type CommandRow, commandName, printCommand } from '../rules/commands.ts';
import {
  type AccessFacts,
  allowedCommands,
  forbiddenContexts,
  mayRun,
} from '../rules/permissions.ts';
import { address, canSignOff, type CommandContext } from './context.ts';
import type { Order } from './order.ts';

/** What somebody may do here. */
export interface Rights {
  readonly facts: AccessFacts;
  readonly table: AccessTable;
}

/** The commands a short form stands for; nothing else beside it is one of these. */
const OF_SHORT_FORM: readonly Command['kind'][] = ['priority', 'cancel-staging', 'skipchecks'];

/**
 * Says which command is not for whoever gave it, in the words he used.
 *
 * @returns null when all are.
 */
export function denial(
  context: CommandContext,
  { commands, short }: Extract<Order, { kind: 'commands' }>,
  { facts, table }: Rights,
): string | null {
  const denied = commands.filter((one) => !mayRun(one, facts, table));
  const [first] = denied;
  if (!first) return null;
  if (short && OF_SHORT_FORM.includes(first.kind)) {
    const hardest = denied.find((one) => one.kind === 'skipchecks') ?? first;
    return accessDenied({ ...address(context), command: short, who: table[commandName(hardest)] });
  }
  const contexts = first.kind === 'override' ? forbiddenContexts(first.contexts, facts.person) : [];
  if (contexts.length > 0 && facts.person.overrides.length > 0)
    return overrideDenied({ ...address(context), contexts });
  const command = printCommand(first);
  return accessDenied({ ...address(context), command, who: table[commandName(first)] });
}

/** What `help` offers: not the approval that would be refused for want of an e-mail address. */
export function offer(
  context: CommandContext,
  { facts, table }: Rights,
): { readonly allowed: readonly CommandRow[]; readonly wantsEmail: boolean } {
  const allowed = allowedCommands(facts, table);
  const offered = canSignOff(context) ? allowed : allowed.filter(({ name }) => name !== 'approve');
  return { allowed: offered, wantsEmail: offered.length < allowed.length };
}
