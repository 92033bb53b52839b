import { isApproved } from '../ledger/facts.ts';
import { type Command, type ParsedComment, parseComment } from '../rules/commands.ts';
import type { CommandContext } from './context.ts';

/** What a text asks. `implied`: not by words, but by the verdict of a review. */
export type Order = Exclude<ParsedComment, { kind: 'none' }> & { readonly implied: boolean };

/**
 * Reads what a text asks of the bot. Where a project lets the verdicts of reviews count, approving is `r+`, and asking for
 * changes takes an approval back (B-051).
 */
export function readOrder({
  text,
  project,
  pull,
}: Pick<CommandContext, 'text' | 'project' | 'pull'>): Order | { readonly kind: 'none' } {
  const parsed = parseComment(text.body, project.bot);
  if (parsed.kind !== 'none') return { ...parsed, implied: false };
  const command = impliedBy(text.verdict, isApproved(pull));
  return command ? { kind: 'commands', commands: [command], implied: true } : { kind: 'none' };
}

function impliedBy(verdict: CommandContext['text']['verdict'], approved: boolean): Command | null {
  if (verdict === 'approves') return { kind: 'approve', numbers: [], head: null };
  return verdict === 'objects' && approved ? { kind: 'reject' } : null;
}
