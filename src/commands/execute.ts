import { react, say } from '../feedback/say.ts';
import {
  accessDenied,
  help,
  overrideDenied,
  refusedComment,
  rejections,
} from '../messages/commands.ts';
import { CommandLog } from '../models/command-log.ts';
import { type Command, COMMANDS, commandName, parseComment } from '../rules/commands.ts';
import {
  type AccessFacts,
  allowedCommands,
  forbiddenContexts,
  mayRun,
} from '../rules/permissions.ts';
import { accessFacts } from './access.ts';
import { applyCommand } from './apply.ts';
import { type Answer, type CommandContext, textKey } from './context.ts';

/** What was done with something that was said, one word for the record. */
export type Spoken =
  'not-for-us' | 'acted-before' | 'refused' | 'denied' | 'helped' | 'rejected' | 'done';

/**
 * Carries out what a comment or review asks, all of it or nothing (spec 3.3). Rights are those of its author by numeric id,
 * now; each text acts once, whatever is delivered again (R14).
 */
export async function executeText(context: CommandContext): Promise<Spoken> {
  const { tx, text, project } = context;
  const parsed = parseComment(text.body, project.bot);
  const implied: Command[] =
    parsed.kind === 'none' && text.approves ? [{ kind: 'approve', numbers: [], head: null }] : [];
  if (parsed.kind === 'none' && implied.length === 0) return 'not-for-us';
  if (!(await claimText(context))) return 'acted-before';
  const facts = await accessFacts(context);
  if (parsed.kind === 'refused') {
    await answer(
      context,
      refusedComment({
        ...address(context),
        refusal: parsed.refusal,
        allowed: allowedCommands(facts),
      }),
    );
    return 'refused';
  }
  const commands = parsed.kind === 'commands' ? parsed.commands : implied;
  const outcome = await executeCommands(context, { commands, facts });
  await tx.update(CommandLog, { kind: text.kind, githubId: text.id }, { outcome });
  return outcome;
}

async function claimText({ tx, text, now }: CommandContext): Promise<boolean> {
  const rows = await tx.query<unknown[]>(
    `insert into command_log (kind, github_id, at, outcome) values ($1, $2, $3, 'refused')
      on conflict do nothing returning 1`,
    [text.kind, text.id, now],
  );
  return rows.length > 0;
}

interface Order {
  readonly commands: readonly Command[];
  readonly facts: AccessFacts;
}

async function executeCommands(context: CommandContext, order: Order): Promise<Spoken> {
  const { commands, facts } = order;
  const denied = commands.find((command) => !mayRun(command, facts));
  if (denied) {
    await answer(context, denial(context, denied, facts));
    return 'denied';
  }
  if (commands.some((command) => command.kind === 'help')) {
    const ignoredOthers = commands.some((command) => command.kind !== 'help');
    const allowed = allowedCommands(facts);
    await answer(context, help({ ...address(context), allowed, ignoredOthers }));
    return 'helped';
  }
  return applyAll(context, commands);
}

function denial(context: CommandContext, command: Command, facts: AccessFacts): string {
  const contexts =
    command.kind === 'override' ? forbiddenContexts(command.contexts, facts.person) : [];
  if (contexts.length > 0 && facts.person.overrides.length > 0) {
    return overrideDenied({ ...address(context), contexts });
  }
  const row = COMMANDS.find((one) => one.name === commandName(command));
  if (!row) throw new Error(`command ${command.kind} is in no row of the table`);
  return accessDenied({ ...address(context), command, row });
}

/** Runs the commands in a savepoint; one rejection takes all of them back. */
async function applyAll(context: CommandContext, commands: readonly Command[]): Promise<Spoken> {
  const { tx } = context;
  await tx.query('savepoint commands');
  const answers: Answer[] = [];
  for (const command of commands) answers.push(await applyCommand({ ...context, tx }, command));
  const reasons = answers.flatMap((one) => one.rejection ?? []);
  if (reasons.length > 0) {
    await tx.query('rollback to savepoint commands');
    const others = reasons.length < commands.length;
    await answer(context, rejections({ ...address(context), reasons, others }));
    return 'rejected';
  }
  await tx.query('release savepoint commands');
  const texts = answers.flatMap((one) => one.text ?? []);
  if (texts.length > 0) await answer(context, texts.join('\n\n'));
  else await acknowledge(context);
  return 'done';
}

/** Success without words is a reaction (R16). GitHub has none for reviews. */
async function acknowledge({ tx, text, pull, now }: CommandContext): Promise<void> {
  if (text.kind !== 'comment') return;
  await react(tx, {
    at: pull,
    key: `${textKey(text)}/seen`,
    commentId: text.id,
    reaction: '+1',
    now,
  });
}

function answer({ tx, text, pull, now }: CommandContext, words: string): Promise<void> {
  return say(tx, { at: pull, key: `${textKey(text)}/answer`, text: words, now });
}

function address({ actor, project }: CommandContext): { ping: string[]; bot: string } {
  return { ping: [actor.login], bot: project.bot };
}
