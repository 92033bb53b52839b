import { help, refusedComment, rejections, tooManyCommands } from '../messages/commands.ts';
import { accessTableOf } from '../models/queries/access-rules.ts';
import { isFlood } from '../rules/answer-budget.ts';
import type { Command } from '../rules/commands.ts';
import { type AccessFacts, mayRun } from '../rules/permissions.ts';
import { accessFacts } from './access.ts';
import { acknowledge, answer } from './answer.ts';
import { applyCommand } from './apply.ts';
import { address, type Answer, type CommandContext } from './context.ts';
import { denial, offer, type Rights } from './denial.ts';
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
  if (order.kind === 'commands') return execute(context, order, rights);
  const text = refusedComment({ ...address(context), refusal: order.refusal });
  return { outcome: 'refused', answered: await answer(context, { kind: 'refused', text, facts }) };
}

async function execute(
  context: CommandContext,
  order: Extract<Order, { kind: 'commands' }>,
  rights: Rights,
): Promise<Ending> {
  const { commands } = order;
  const { facts } = rights;
  const denied = denial(context, order, rights);
  if (denied !== null) {
    const text = denied;
    return { outcome: 'denied', answered: await answer(context, { kind: 'denied', text, facts }) };
  }
  if (commands.some((command) => command.kind === 'help')) {
    const ignoredOthers = commands.some((command) => command.kind !== 'help');
    const text = help({ ...address(context), ...offer(context, rights), ignoredOthers });
    return { outcome: 'helped', answered: await answer(context, { kind: 'helped', text, facts }) };
  }
  return applyAll(context, commands, facts);
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
