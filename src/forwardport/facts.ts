import type { PullRequestSummary } from '../github/facts.ts';
import type { PullFacts } from '../ledger/pull-facts.ts';

/** What GitHub answered, as the ledger takes it. */
export function factsOf(
  repositoryId: number,
  pull: PullRequestSummary & { readonly commitCount: number },
): PullFacts {
  return {
    repositoryId,
    number: pull.number,
    title: pull.title,
    body: pull.body,
    closed: pull.state !== 'open',
    draft: pull.draft,
    head: pull.head.sha,
    headLabel: pull.head.label ?? '',
    base: pull.base.branch,
    author: pull.author && { id: String(pull.author.id), login: pull.author.login },
    commitCount: pull.commitCount,
    createdAt: pull.createdAt,
    updatedAt: pull.updatedAt,
  };
}
