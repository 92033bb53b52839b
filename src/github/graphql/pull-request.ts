import { z } from 'zod';
import { MISSING, readAs, splitRepository } from '../answer.ts';
import type { Calls } from '../calls.ts';
import type { Account, Missing, PullRequest } from '../facts.ts';
import { branchName, id, objectId, optionalText, repositoryName, text, time } from '../read.ts';
import { botLogin, headOf, stateOf } from '../shapes.ts';

const call = { operation: 'pullRequest', kind: 'read' } as const;

// An actor is an interface: only its kinds have the numeric id.
const query = `
query PullRequest($owner: String!, $repo: String!, $number: Int!) {
  repository(owner: $owner, name: $repo) {
    pullRequest(number: $number) {
      databaseId
      number
      title
      body
      state
      isDraft
      merged
      createdAt
      updatedAt
      headRefOid
      headRefName
      headRepositoryOwner { login }
      headRepository { nameWithOwner }
      baseRefName
      baseRefOid
      author {
        __typename
        login
        ... on User { databaseId }
        ... on Bot { databaseId }
        ... on Organization { databaseId }
        ... on Mannequin { databaseId }
      }
      commits(first: 1) { totalCount }
      labels(first: 100) { nodes { name } }
      closingIssuesReferences(first: 100) { nodes { number repository { nameWithOwner } } }
    }
  }
}`;

const author = z
  .object({ __typename: text, login: text, databaseId: id.nullish() })
  .nullish()
  .transform((actor): Account | null =>
    actor?.databaseId == null
      ? null
      : {
          id: actor.databaseId,
          login: actor.__typename === 'Bot' ? botLogin(actor.login) : actor.login,
          type: actor.__typename,
        },
  );

const linked = z.object({ number: id, repository: z.object({ nameWithOwner: repositoryName }) });

const pull = z.object({
  databaseId: id,
  number: id,
  title: text,
  body: optionalText,
  state: text,
  isDraft: z.boolean(),
  merged: z.boolean(),
  createdAt: time,
  updatedAt: time,
  headRefOid: objectId,
  headRefName: branchName,
  headRepositoryOwner: z.object({ login: text }).nullish(),
  headRepository: z.object({ nameWithOwner: repositoryName }).nullish(),
  baseRefName: branchName,
  baseRefOid: objectId,
  author,
  commits: z.object({ totalCount: z.int().nonnegative() }),
  labels: z.object({ nodes: z.array(z.object({ name: text }).nullable()) }).nullish(),
  closingIssuesReferences: z.object({ nodes: z.array(linked.nullable()) }).nullish(),
});
const shape = z.object({ repository: z.object({ pullRequest: pull.nullable() }).nullable() });

/** All facts of a pull request in one query, so that they belong to one moment. */
export async function queryPullRequest(
  calls: Calls,
  repo: string,
  number: number,
): Promise<PullRequest | Missing> {
  const variables = { ...splitRepository(repo), number };
  const answer = await calls.graphql({ ...call, query, variables });
  if (answer.kind === 'missing') return MISSING;
  const read = readAs(shape, answer.data, call).repository?.pullRequest ?? null;
  return read === null ? MISSING : toPullRequest(read, repo);
}

function toPullRequest(read: z.output<typeof pull>, repo: string): PullRequest {
  return {
    kind: 'pull_request',
    id: read.databaseId,
    number: read.number,
    title: read.title,
    body: read.body ?? '',
    state: stateOf(read.state, read.merged),
    draft: read.isDraft,
    head: headOf({
      sha: read.headRefOid,
      branch: read.headRefName,
      owner: read.headRepositoryOwner?.login ?? null,
      repository: read.headRepository?.nameWithOwner ?? null,
    }),
    base: { branch: read.baseRefName, sha: read.baseRefOid },
    author: read.author,
    commitCount: read.commits.totalCount,
    createdAt: read.createdAt,
    updatedAt: read.updatedAt,
    labels: (read.labels?.nodes ?? []).flatMap((label) => (label === null ? [] : [label.name])),
    closes: (read.closingIssuesReferences?.nodes ?? []).flatMap((issue) =>
      issue?.repository.nameWithOwner.toLowerCase() === repo.toLowerCase() ? [issue.number] : [],
    ),
  };
}
