import type { PullRequest } from '../github/facts.ts';
import type { PullFacts } from '../ledger/pull-facts.ts';

/** GitHub's answer in the ledger's words. */
export function pullFacts(repositoryId: number, pull: PullRequest): PullFacts {
  const { author, head } = pull;
  return {
    repositoryId,
    number: pull.number,
    title: pull.title,
    body: pull.body,
    closed: pull.state !== 'open',
    draft: pull.draft,
    head: head.sha,
    // somebody may have pushed at any time since: what was said before the last change may be about another head
    ...(pull.updatedAt > pull.createdAt ? { headSince: pull.updatedAt } : {}),
    headLabel: head.label ?? head.branch,
    base: pull.base.branch,
    author: author && { id: String(author.id), login: author.login },
    commitCount: pull.commitCount,
    createdAt: pull.createdAt,
    updatedAt: pull.updatedAt,
  };
}
