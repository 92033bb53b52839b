import { history } from '../../git/graph.ts';
import { entryType } from '../../git/tree.ts';
import type { Identity } from '../../git/commit.ts';
import { latestStatuses, combinedState } from '../../json/checks.ts';
import { userByEmail } from '../../json/commit.ts';
import { nodeId } from '../../json/user.ts';
import { fullName, isPull } from '../../state/state.ts';
import type { Repository } from '../../state/types.ts';
import { connection } from '../connection.ts';
import { fields, type Context, type Fields, type Node } from '../context.ts';
import {
  commitNode,
  commitNodeOf,
  pullNode,
  repositoryNode,
  statusNode,
  userNode,
  type CommitNode,
  type RepositoryNode,
} from '../nodes.ts';

/** What a `git rev-parse` expression stands for: a commit, tree, blob or tag; null for nothing. */
export async function resolveExpression(
  context: Context,
  repository: Repository,
  expression: string,
): Promise<Node | null> {
  const colon = expression.indexOf(':');
  const name = colon < 0 ? expression : expression.slice(0, colon);
  const wanted = name === 'HEAD' ? repository.defaultBranch : name;
  const { refs } = repository;
  const sha =
    refs.get(`refs/heads/${wanted}`) ??
    refs.get(`refs/tags/${wanted}`) ??
    refs.get(wanted) ??
    (/^[0-9a-f]{7,40}$/.test(wanted) ? wanted : null);
  if (sha === null) return null;
  const store = context.sim.store(repository.networkId);
  const object = await store.object(colon < 0 ? sha : `${sha}:${expression.slice(colon + 1)}`);
  if (!object) return null;
  if (object.type === 'commit') return commitNodeOf(context, repository, object.sha);
  const base = { repository, oid: object.sha, abbreviatedOid: object.sha.slice(0, 7) };
  const id = nodeId(object.type.toUpperCase(), `${repository.id}:${object.sha}`);
  if (object.type === 'blob')
    return { ...blob(object.content), ...base, id, __typename: 'Blob' } as Node;
  if (object.type === 'tree')
    return {
      ...base,
      id,
      entries: () => treeEntries(context, repository, object.sha),
      __typename: 'Tree',
    } as Node;
  const text = object.content.toString('utf8');
  const target = /^object ([0-9a-f]{40})/.exec(text)?.[1] ?? '';
  return {
    ...base,
    id,
    name: /^tag (.*)$/m.exec(text)?.[1] ?? '',
    message: text.slice(text.indexOf('\n\n') + 2),
    target: () => resolveExpression(context, repository, target),
    __typename: 'Tag',
  } as Node;
}

function blob(content: Buffer) {
  const isBinary = content.includes(0);
  return {
    byteSize: content.length,
    isBinary,
    isTruncated: false,
    text: isBinary ? null : content.toString('utf8'),
  };
}

async function treeEntries(context: Context, repository: Repository, sha: string) {
  const tree = await context.sim.store(repository.networkId).tree(sha);
  return (tree?.entries ?? []).map((one) => ({
    name: one.path,
    path: one.path,
    mode: Number.parseInt(one.mode, 8),
    oid: one.sha,
    type: entryType(one.mode),
    object: () => resolveExpression(context, repository, one.sha),
  }));
}

function person(context: Context, who: Identity) {
  const user = userByEmail(context, who.email);
  return {
    __typename: 'GitActor',
    name: who.name,
    email: who.email,
    date: who.date,
    user: user ? userNode(user) : null,
  };
}

const commit = fields<CommitNode>({
  id: ({ repository, commit: one }) => nodeId('C', `${repository.id}:${one.sha}`),
  oid: ({ commit: one }) => one.sha,
  abbreviatedOid: ({ commit: one }) => one.sha.slice(0, 7),
  message: ({ commit: one }) => one.message,
  messageHeadline: ({ commit: one }) => one.message.split('\n')[0] ?? '',
  messageBody: ({ commit: one }) => one.message.split('\n').slice(1).join('\n').trim(),
  author: ({ commit: one }, _args, context) => person(context, one.author),
  committer: ({ commit: one }, _args, context) => person(context, one.committer),
  authors: ({ commit: one }, args, context) =>
    connection([one.author], args, { name: 'authors', make: (who) => person(context, who) }),
  authoredDate: ({ commit: one }) => one.author.date,
  committedDate: ({ commit: one }) => one.committer.date,
  url: ({ repository, commit: one }, _args, { sim, state }) =>
    `${sim.url}/${fullName(state, repository)}/commit/${one.sha}`,
  commitUrl: ({ repository, commit: one }, _args, { sim, state }) =>
    `${sim.url}/${fullName(state, repository)}/commit/${one.sha}`,
  repository: ({ repository }) => repositoryNode(repository),
  tree: ({ repository, commit: one }, _args, context) =>
    resolveExpression(context, repository, one.tree),
  parents: ({ repository, commit: one }, args, context) =>
    connection(one.parents, args, {
      name: 'parents',
      make: (sha) => commitNodeOf(context, repository, sha),
    }),
  changedFiles: async ({ repository, commit: one }, _args, context) =>
    (await changesOf(context, repository, one)).length,
  changedFilesIfAvailable: async ({ repository, commit: one }, _args, context) =>
    (await changesOf(context, repository, one)).length,
  additions: async ({ repository, commit: one }, _args, context) =>
    (await changesOf(context, repository, one)).reduce((sum, file) => sum + file.additions, 0),
  deletions: async ({ repository, commit: one }, _args, context) =>
    (await changesOf(context, repository, one)).reduce((sum, file) => sum + file.deletions, 0),
  history: async ({ repository, commit: one }, args, context) => {
    const list = await history(context.sim.store(repository.networkId), one.sha, {
      skip: 0,
      limit: 1000,
    });
    return connection(list, args, {
      name: 'history',
      make: (each) => commitNode(repository, each),
    });
  },
  status: ({ repository, commit: one }) => {
    const statuses = latestStatuses(repository, one.sha);
    if (statuses.length === 0) return null;
    return {
      id: nodeId('ST', `${repository.id}:${one.sha}`),
      state: combinedState(statuses).toUpperCase(),
      contexts: statuses.map((status) => statusNode(repository, status)),
      context: null,
    };
  },
  statusCheckRollup: ({ repository, commit: one }) => rollup(repository, one.sha),
  checkSuites: ({ repository, commit: one }, args) => {
    const list = [...repository.checkSuites.values()].filter((suite) => suite.sha === one.sha);
    return connection(list, args, {
      name: 'checkSuites',
      make: (suite) => ({ __typename: 'CheckSuite', repository, suite }),
    });
  },
  associatedPullRequests: ({ repository, commit: one }, args) => {
    const list = [...repository.issues.values()]
      .filter(isPull)
      .filter((issue) => issue.pull.headSha === one.sha || issue.pull.mergeCommitSha === one.sha);
    return connection(list, args, {
      name: 'associatedPullRequests',
      make: (issue) => pullNode(repository, issue),
    });
  },
});

function changesOf(context: Context, repository: Repository, one: CommitNode['commit']) {
  return context.sim.store(repository.networkId).changes(one.parents[0] ?? null, one.sha);
}

/** The sum of statuses and check runs of a commit; null while nobody has said anything. */
export function rollup(
  repository: Repository,
  sha: string,
): (RepositoryNode & { sha: string }) | null {
  const silent =
    latestStatuses(repository, sha).length === 0 &&
    (repository.checkRunsBySha.get(sha) ?? []).length === 0;
  return silent ? null : { __typename: 'StatusCheckRollup', repository, sha };
}

export const commitTypes: Readonly<Record<string, Fields>> = { Commit: commit };
