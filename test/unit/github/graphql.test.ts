import { readFileSync } from 'node:fs';
import { generateKeyPairSync } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { buildSchema, getOperationAST, parse, validate } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import type { GitHub, GitHubAuth } from '../../../src/github/gateway.ts';
import { aServer, gatewayTo } from './scripted-server.ts';
import type { Json } from './payloads.ts';

let schema: GraphQLSchema;
beforeAll(() => {
  const path = '../../../node_modules/@octokit/graphql-schema/schema.graphql';
  schema = buildSchema(readFileSync(new URL(path, import.meta.url), 'utf8'), {
    assumeValidSDL: true,
  });
});

/** Apps use all the queries there are. */
function asApp(): GitHubAuth {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { app: { id: 1, installationId: 2, privateKey: () => Promise.resolve(pem) } };
}

/** The query a call sends first, whatever comes of it. */
async function queryOf(call: (github: GitHub) => Promise<unknown>): Promise<string> {
  const token = { token: 'tok', expires_at: '2999-01-01T00:00:00Z', permissions: {} };
  await using server = await aServer({ json: token }, { json: { data: {} } });
  await call(gatewayTo(server, { auth: asApp() })).catch(() => undefined);
  const asked = server.seen.find(({ url }) => url.pathname === '/graphql');
  return (asked?.body as { query: string }).query;
}

describe("GitHub's published schema", () => {
  it.each<[string, (github: GitHub) => Promise<unknown>]>([
    ['Viewer', (github) => github.viewer()],
    ['PullRequest', (github) => github.pullRequest('acme/app', 1)],
    ['ClosingIssues', (github) => github.closingIssues('acme/app', 1)],
    ['AddReaction', (github) => github.react('acme/app', { kind: 'review', nodeId: 'X' }, '+1')],
  ])('accepts the operation %s', async (name, call) => {
    const document = parse(await queryOf(call));
    expect(validate(schema, document)).toEqual([]);
    expect(getOperationAST(document)?.name?.value).toBe(name);
  });
});

const PULL = {
  databaseId: 5_000_000_001,
  number: 12,
  title: 'Add g',
  body: '',
  state: 'OPEN',
  isDraft: true,
  merged: false,
  createdAt: '2026-03-01T10:00:00Z',
  updatedAt: '2026-03-01T11:00:00Z',
  headRefOid: 'a'.repeat(40),
  headRefName: 'add-g',
  headRepositoryOwner: { login: 'alice' },
  headRepository: { nameWithOwner: 'alice/app' },
  baseRefName: 'master',
  baseRefOid: 'b'.repeat(40),
  author: { __typename: 'User', login: 'alice', databaseId: 1001 },
  commits: { totalCount: 3 },
  labels: { nodes: [{ name: 'conflict' }] },
  closingIssuesReferences: {
    nodes: [
      { number: 7, repository: { nameWithOwner: 'Acme/app' } },
      { number: 8, repository: { nameWithOwner: 'acme/other' } },
    ],
  },
};

async function read(changed: Json): Promise<unknown> {
  const repository = { pullRequest: { ...PULL, ...changed } };
  await using server = await aServer({ json: { data: { repository } } });
  return await gatewayTo(server).pullRequest('acme/app', 12);
}

describe('a pull request', () => {
  it('comes with all its facts by one query', async () => {
    expect(await read({})).toEqual({
      kind: 'pull_request',
      id: 5_000_000_001,
      number: 12,
      title: 'Add g',
      body: '',
      state: 'open',
      draft: true,
      head: {
        sha: 'a'.repeat(40),
        branch: 'add-g',
        label: 'alice:add-g',
        repository: 'alice/app',
      },
      base: { branch: 'master', sha: 'b'.repeat(40) },
      author: { id: 1001, login: 'alice', type: 'User' },
      createdAt: new Date('2026-03-01T10:00:00Z'),
      updatedAt: new Date('2026-03-01T11:00:00Z'),
      labels: ['conflict'],
      commitCount: 3,
      closes: [7],
    });
  });

  it.each([
    ['OPEN', false, 'open'],
    ['CLOSED', false, 'closed'],
    ['MERGED', true, 'merged'],
    ['FROZEN', false, 'closed'],
  ])('in state %s (merged: %s) is %s', async (state, merged, expected) => {
    expect(await read({ state, merged })).toMatchObject({ state: expected });
  });

  it('of a deleted fork and a deleted account keeps its sha (F-083)', async () => {
    const gone = { headRepository: null, headRepositoryOwner: null, author: null, labels: null };
    expect(await read(gone)).toMatchObject({
      head: { sha: 'a'.repeat(40), branch: 'add-g', label: null, repository: null },
      author: null,
      labels: [],
    });
  });

  it('of an App has the login that all other answers give it', async () => {
    const author = { __typename: 'Bot', login: 'renovate', databaseId: 5 };
    const bot = { id: 5, login: 'renovate[bot]', type: 'Bot' };
    expect(await read({ author })).toMatchObject({ author: bot });
  });

  it('that GitHub cannot resolve is missing', async () => {
    const errors = [{ type: 'NOT_FOUND', message: 'x', path: ['repository', 'pullRequest'] }];
    await using server = await aServer({ json: { data: { repository: null }, errors } });
    expect(await gatewayTo(server).pullRequest('acme/app', 12)).toEqual({ kind: 'missing' });
  });

  it('closes the open issues of its own repository, from all pages', async () => {
    const page = (numbers: readonly number[], endCursor: string | null): object => {
      const nodes = numbers.map((number) => ({
        number,
        closed: number === 2,
        repository: { nameWithOwner: number === 3 ? 'acme/web' : 'Acme/App' },
      }));
      const pageInfo = { hasNextPage: endCursor !== null, endCursor };
      const closingIssuesReferences = { pageInfo, nodes };
      return { data: { repository: { pullRequest: { closingIssuesReferences } } } };
    };
    await using server = await aServer(
      { json: page([1, 2, 3], 'next') },
      { json: page([4, 1], null) },
    );
    expect(await gatewayTo(server).closingIssues('acme/app', 12)).toEqual([1, 4]);
    expect(server.seen[1]?.body).toMatchObject({ variables: { after: 'next' } });
  });
});

describe('a reaction to a review', () => {
  const subject = { kind: 'review', nodeId: 'PRR_41' } as const;

  it('goes by the global id, in the words of GraphQL', async () => {
    const reaction = { content: 'THUMBS_UP' };
    await using server = await aServer({ json: { data: { addReaction: { reaction } } } });
    expect(await gatewayTo(server).react('acme/app', subject, '+1')).toEqual({ kind: 'done' });
    expect(server.seen[0]?.body).toMatchObject({
      variables: { subject: 'PRR_41', content: 'THUMBS_UP' },
    });
  });

  it('finds nothing where the review is gone', async () => {
    const errors = [{ type: 'NOT_FOUND', message: 'Could not resolve to a node' }];
    await using server = await aServer({ json: { data: { addReaction: null }, errors } });
    expect(await gatewayTo(server).react('acme/app', subject, '+1')).toEqual({ kind: 'missing' });
  });
});
