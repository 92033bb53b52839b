import { z } from 'zod';
import { readAs, splitRepository } from '../answer.ts';
import type { Calls } from '../calls.ts';
import { id, text } from '../read.ts';

const call = { operation: 'closingIssues', kind: 'read' } as const;

const query = `
query ClosingIssues($owner: String!, $repo: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $repo) {
    pullRequest(number: $number) {
      closingIssuesReferences(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes { number closed repository { nameWithOwner } }
      }
    }
  }
}`;

const issue = z.object({
  number: id,
  closed: z.boolean(),
  repository: z.object({ nameWithOwner: text }),
});
const references = z.object({
  pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
  nodes: z.array(issue.nullable()),
});
const shape = z.object({
  repository: z
    .object({
      pullRequest: z.object({ closingIssuesReferences: references.nullable() }).nullable(),
    })
    .nullable(),
});

/**
 * The open issues of the same repository that are linked to a pull request, by keyword or by hand. An unknown pull
 * request has none.
 */
export async function queryClosingIssues(
  calls: Calls,
  repo: string,
  number: number,
): Promise<readonly number[]> {
  const found = new Set<number>();
  let after: string | null = null;
  do {
    const page = await readPage(calls, { ...splitRepository(repo), number, after });
    for (const linked of page?.nodes ?? []) {
      if (linked !== null && !linked.closed && isSame(linked.repository.nameWithOwner, repo)) {
        found.add(linked.number);
      }
    }
    after = page?.pageInfo.hasNextPage === true ? page.pageInfo.endCursor : null;
  } while (after !== null);
  return [...found];
}

async function readPage(
  calls: Calls,
  variables: Readonly<Record<string, unknown>>,
): Promise<z.output<typeof references> | null> {
  const answer = await calls.graphql({ ...call, query, variables });
  if (answer.kind === 'missing') return null;
  return readAs(shape, answer.data, call).repository?.pullRequest?.closingIssuesReferences ?? null;
}

/** Names of repositories do not care for case. */
function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
