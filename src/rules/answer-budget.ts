/** Within which what was heard and said counts. */
export const BUDGET_WINDOW_MS = 3_600_000;
/** Comments with commands of one person that are carried out in an hour; more are a flood (reliability B-056). */
const HEARD_LIMIT = 60;
/** Answers to one person on one pull request in an hour; fewer to those who have no role there. */
const ANSWER_LIMIT = 10;
const STRANGER_LIMIT = 3;
/** Times one person is told on one pull request and in one hour that a comment cannot be read. */
const MISREAD_LIMIT = 5;
/** Answers to anybody on one pull request in an hour (I-33). */
const PULL_LIMIT = 30;

/** What an answer in words is about. */
export type AnswerKind = 'denied' | 'refused' | 'rejected' | 'helped' | 'told' | 'flood';

/** What was heard and said within the last hour. */
export interface Lately {
  /** Comments with commands of this person, anywhere. */
  readonly heard: number;
  /** Answers in words to this person on this pull request, by what they were about. */
  readonly answers: Readonly<Partial<Record<AnswerKind, number>>>;
  /** Answers in words to anybody on this pull request. */
  readonly onPull: number;
}

/** Tells whether somebody has given too many commands to be heard now. */
export function isFlood(lately: Pick<Lately, 'heard'>): boolean {
  return lately.heard >= HEARD_LIMIT;
}

/**
 * Tells whether an answer is given in words; otherwise a reaction must do (B-031, I-33). A missing right is told once per
 * person, pull request and hour; that a comment cannot be read is told oftener to those who have a role here.
 */
export function mayAnswer(
  kind: AnswerKind,
  { answers, onPull }: Lately,
  { stranger }: { readonly stranger: boolean },
): boolean {
  const count = (...kinds: readonly AnswerKind[]): number =>
    kinds.reduce((sum, one) => sum + (answers[one] ?? 0), 0);
  if (kind === 'flood') return count('flood') === 0;
  if (kind === 'denied') return count('denied') === 0;
  if (kind === 'refused' && count('refused') >= (stranger ? 1 : MISREAD_LIMIT)) return false;
  if (kind === 'refused' && stranger && count('denied') > 0) return false;
  const all = count('denied', 'refused', 'rejected', 'helped', 'told');
  return all < (stranger ? STRANGER_LIMIT : ANSWER_LIMIT) && onPull < PULL_LIMIT;
}
