import type { PullRequestSummary } from '../github/facts.ts';
import type { OpenPull } from '../models/queries/open-pulls.ts';

/** What is compared. */
export interface Comparison {
  readonly known: readonly OpenPull[];
  /** All open pull requests of the repository, as GitHub lists them. */
  readonly listed: readonly Pick<
    PullRequestSummary,
    'number' | 'title' | 'body' | 'base' | 'head' | 'draft' | 'updatedAt'
  >[];
  /**
   * Unknown ones that nothing happened on since then were there before the bot: they are read when somebody gives a
   * command, so that a repository with thousands of them does not get a comment on each.
   */
  readonly since: Date;
  /** Whether a branch is the bot's business: what goes elsewhere is known nowhere, and in no doubt. */
  readonly managed: (branch: string) => boolean;
}

/**
 * Numbers of the pull requests that have to be read: those that differ from the record, are open on one side only, or were
 * approved and still wait for CI, whose words may have been lost. One list says all this at a hundredth of the calls that
 * reading each of them would take.
 */
export function findDoubts({ known, listed, since, managed }: Comparison): number[] {
  const records = new Map(known.map((pull) => [pull.number, pull]));
  const open = new Set(listed.map((pull) => pull.number));
  const differing = listed.filter((pull) => {
    const record = records.get(pull.number);
    return record
      ? differs(record, pull) || record.awaitsCi
      : pull.updatedAt >= since && managed(pull.base.branch);
  });
  const gone = known.filter((pull) => !open.has(pull.number) && !pull.landed);
  return [...differing, ...gone].map((pull) => pull.number).sort((one, other) => one - other);
}

function differs(record: OpenPull, pull: Comparison['listed'][number]): boolean {
  return (
    record.head !== pull.head.sha ||
    record.base !== pull.base.branch ||
    record.title !== pull.title ||
    record.body !== pull.body ||
    record.draft !== pull.draft
  );
}
