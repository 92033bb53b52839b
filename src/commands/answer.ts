import { react, say } from '../feedback/say.ts';
import { type AnswerKind, mayAnswer } from '../rules/answer-budget.ts';
import { type AccessFacts, rolesOf } from '../rules/permissions.ts';
import { type CommandContext, textKey } from './context.ts';
import { readLately } from './log.ts';

/** What there is to say about a text. */
export interface Words {
  readonly kind: AnswerKind;
  readonly text: string;
  /** Null: whoever it is, he is answered like a stranger. */
  readonly facts: AccessFacts | null;
}

/**
 * Answers in words, or by a reaction when enough was said to this person, or on this pull request, within the hour (B-031,
 * I-33). Nobody is left without any sign, except by floods.
 *
 * @returns whether in words.
 */
export async function answer(context: CommandContext, words: Words): Promise<boolean> {
  const stranger = words.facts === null || rolesOf(words.facts).size === 1;
  const { tx, text, pull, now } = context;
  if (mayAnswer(words.kind, await readLately(context), { stranger })) {
    await say(tx, { at: pull, key: `${textKey(text)}/answer`, text: words.text, now });
    return true;
  }
  if (words.kind === 'told') await acknowledge(context);
  else if (words.kind !== 'flood')
    await show(context, words.kind === 'helped' ? 'eyes' : 'confused');
  return false;
}

/** Success without words is a reaction (R16). */
export function acknowledge(context: CommandContext): Promise<void> {
  return show(context, '+1');
}

/** GitHub's REST API has no reactions to reviews. */
async function show(
  { tx, text, pull, now }: CommandContext,
  reaction: '+1' | 'eyes' | 'confused',
): Promise<void> {
  if (text.kind !== 'comment') return;
  const key = `${textKey(text)}/seen`;
  await react(tx, { at: pull, key, commentId: text.id, reaction, now });
}
