import {
  accessDenied,
  help,
  overrideDenied,
  refusedComment,
  rejections,
  tooManyCommands,
} from '../messages/commands.ts';
import { accessTableOf } from '../models/queries/access-rules.ts';
import type { AccessTable } from '../rules/access-table.ts';
import { isFlood } from '../rules/answer-budget.ts';
import { type Command, commandName } from '../rules/commands.ts';
import {
  type AccessFacts,
  allowedCommands,
  forbiddenContexts,
  mayRun,
} from '../rules/permissions.ts';
import { accessFacts } from './access.ts';
import { acknowledge, answer } from './answer.ts';
import { applyCommand } from './apply.ts';
import type { Answer, CommandContext } from './context.ts';
import { claimText, closeText, readLately } from './log.ts';
import { type Order, readOrder } from './order.ts';

/** What was done with something that was said, one word for the record. */
export type Spoken =
  'not-for-us' | 'acted-before' | 'flood' | 'refused' | 'denied' | 'helped' | 'rejected' | 'done';

/** What became of a text, and whether it was answered in words. */
interface Ending {
  readonly outcome: Spoken;
  readonly answered: boolean;
}

/** What somebody may do here. */
interface Rights {
  readonly facts: AccessFacts;
  readonly table: AccessTable;
}

/**
 * Carries out what a comment or review asks, all of it or nothing (spec 3.3). Rights are those of its author by numeric id,
 * now; each text acts once, whatever is delivered again (R14). Who gives more commands than anybody can mean is not heard
 * for the rest of the hour (B-056).
 */
export async function executeText(context: CommandContext): Promise<Spoken> {
  const order = readOrder(context);
  if (order.kind === 'none') return 'not-for-us';
  const rights = {
    facts: await accessFacts(context),
    table: await accessTableOf(context.tx, context.project.id),
  };
  if (isButton(order, rights)) return 'not-for-us';
  if (!(await claimText(context))) return 'acted-before';
  const ending = await act(context, order, rights);
  await closeText(context, ending);
  return ending.outcome;
}

/** Everybody may press GitHub's buttons: without the right that was no word to the bot. */
function isButton(order: Order, { facts, table }: Rights): boolean {
  if (!order.implied || order.kind !== 'commands') return false;
  return order.commands.some((one) => !mayRun(one, facts, table));
}

async function act(context: CommandContext, order: Order, rights: Rights): Promise<Ending> {
  const { facts } = rights;
  if (isFlood(await readLately(context))) {
    const text = tooManyCommands(address(context));
    return { outcome: 'flood', answered: await answer(context, { kind: 'flood', text, facts }) };
  }
  if (order.kind === 'commands') return execute(context, order.commands, rights);
  const text = refusedComment({ ...address(context), refusal: order.refusal });
  return { outcome: 'refused', answered: await answer(context, { kind: 'refused', text, facts }) };
}

async function execute(
  context: CommandContext,
  commands: readonly Command[],
  { facts, table }: Rights,
): Promise<Ending> {
  const denied = commands.find((command) => !mayRun(command, facts, table));
  if (denied) {
    const text = denial(context, denied, { facts, table });
    return { outcome: 'denied', answered: await answer(context, { kind: 'denied', text, facts }) };
  }
  if (commands.some((command) => command.kind === 'help')) {
    const ignoredOthers = commands.some((command) => command.kind !== 'help');
    const allowed = allowedCommands(facts, table);
    const text = help({ ...address(context), allowed, ignoredOthers });
    return { outcome: 'helped', answered: await answer(context, { kind: 'helped', text, facts }) };
  }
  return applyAll(context, commands, facts);
}

function denial(context: CommandContext, command: Command, { facts, table }: Rights): string {
  const contexts =
    command.kind === 'override' ? forbiddenContexts(command.contexts, facts.person) : [];
  if (contexts.length > 0 && facts.person.overrides.length > 0) {
    return overrideDenied({ ...address(context), contexts });
  }
  return accessDenied({ ...address(context), command, who: table[commandName(command)] });
}

/** Runs the commands in a savepoint; one rejection takes all of them back. */
async function applyAll(
  context: CommandContext,
  commands: readonly Command[],
  facts: AccessFacts,
): Promise<Ending> {
  const { tx } = context;
  await tx.query('savepoint commands');
  const answers: Answer[] = [];
  for (const command of commands) answers.push(await applyCommand({ ...context, tx }, command));
  const reasons = answers.flatMap((one) => one.rejection ?? []);
  if (reasons.length > 0) {
    await tx.query('rollback to savepoint commands');
    const others = reasons.length < commands.length;
    const text = rejections({ ...address(context), reasons, others });
    const answered = await answer(context, { kind: 'rejected', text, facts });
    return { outcome: 'rejected', answered };
  }
  await tx.query('release savepoint commands');
  const text = answers.flatMap((one) => one.text ?? []).join('\n\n');
  if (text === '') await acknowledge(context);
  const answered = text !== '' && (await answer(context, { kind: 'told', text, facts }));
  return { outcome: 'done', answered };
}

function address({ actor, project }: CommandContext): { ping: string[]; bot: string } {
  return { ping: [actor.login], bot: project.bot };
}
