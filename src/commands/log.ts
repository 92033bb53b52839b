import { createHash } from 'node:crypto';
import { CommandLog } from '../models/command-log.ts';
import { type AnswerKind, BUDGET_WINDOW_MS, type Lately } from '../rules/answer-budget.ts';
import type { CommandContext } from './context.ts';

/**
 * Takes a text to be acted on: each acts once, whatever is delivered again (R14). Before it was acted on it may have been
 * noted as waiting for GitHub to be read.
 *
 * @returns false when it was acted on before.
 */
export async function claimText(context: CommandContext): Promise<boolean> {
  const { tx, text, now, actor, pull } = context;
  const textHash = createHash('sha256').update(text.body).digest('hex');
  const rows = await tx.query<unknown[]>(
    `insert into command_log (kind, github_id, at, outcome, person_id, repository_id, number, text_hash)
     values ($1, $2, $3, 'refused', $4, $5, $6, $7)
     on conflict (kind, github_id) do update set at = excluded.at, outcome = excluded.outcome,
        person_id = excluded.person_id, text_hash = excluded.text_hash
      where command_log.outcome = 'asked'
     returning 1`,
    [text.kind, text.id, now, actor.id, pull.repositoryId, pull.number, textHash],
  );
  return rows.length > 0;
}

/** Writes down what became of a text, and whether it was answered in words. */
export async function closeText(
  { tx, text }: CommandContext,
  end: { readonly outcome: string; readonly answered: boolean },
): Promise<void> {
  await tx.update(CommandLog, { kind: text.kind, githubId: text.id }, end);
}

/** What was heard and said within the last hour, this text aside. */
export async function readLately(context: CommandContext): Promise<Lately> {
  const { tx, text, now, actor, pull } = context;
  const since = new Date(now.getTime() - BUDGET_WINDOW_MS);
  const rows = await tx.query<
    { outcome: string; mine: boolean; here: boolean; answered: boolean; count: number }[]
  >(
    `select outcome, answered, person_id is not distinct from $1 as mine,
            repository_id = $2 and number = $3 as here, count(*)::int as count
       from command_log
      where at > $4 and (person_id = $1 or (repository_id = $2 and number = $3))
        and (kind, github_id) <> ($5, $6)
      group by 1, 2, 3, 4`,
    [actor.id, pull.repositoryId, pull.number, since, text.kind, text.id],
  );
  const sum = (wanted: (row: (typeof rows)[number]) => boolean): number =>
    rows.filter(wanted).reduce((total, row) => total + row.count, 0);
  const toHim = rows.filter((row) => row.mine && row.here && row.answered);
  return {
    heard: sum((row) => row.mine && row.outcome !== 'flood'),
    answers: Object.fromEntries(toHim.map((row) => [kindOf(row.outcome), row.count])),
    onPull: sum((row) => row.here && row.answered),
  };
}

/** Words after success are the outcome `done`. */
function kindOf(outcome: string): AnswerKind {
  return outcome === 'done' ? 'told' : (outcome as AnswerKind);
}
