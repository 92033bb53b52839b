import { labelByName } from '../../acts/repositories.ts';
import { nodeId } from '../../json/user.ts';
import { fullName, isPull, userOf } from '../../state/state.ts';
import type { Repository } from '../../state/types.ts';
import { connection } from '../connection.ts';
import { fields, missing, textArg, type Context, type Fields } from '../context.ts';
import {
  issueNode,
  labelNode,
  milestoneNode,
  pullNode,
  refNode,
  repositoryNode,
  userNode,
  type LabelNode,
  type MilestoneNode,
  type RefNode,
  type RepositoryNode,
} from '../nodes.ts';
import { resolveExpression } from './commits.ts';
import { viewerPermission } from './accounts.ts';
import { issuesBy, labelsBy, pullsBy } from './selection.ts';

const repository = fields<RepositoryNode>({
  id: ({ repository: one }) => nodeId('R', one.id),
  databaseId: ({ repository: one }) => one.id,
  name: ({ repository: one }) => one.name,
  nameWithOwner: ({ repository: one }, _args, { state }) => fullName(state, one),
  description: ({ repository: one }) => one.description,
  owner: ({ repository: one }, _args, { state }) => userNode(userOf(state, one.ownerId)),
  url: ({ repository: one }, _args, { sim, state }) => `${sim.url}/${fullName(state, one)}`,
  resourcePath: ({ repository: one }, _args, { state }) => `/${fullName(state, one)}`,
  sshUrl: ({ repository: one }, _args, { sim, state }) =>
    `git@${new URL(sim.url).host}:${fullName(state, one)}.git`,
  createdAt: ({ repository: one }) => one.createdAt,
  updatedAt: ({ repository: one }) => one.updatedAt,
  pushedAt: ({ repository: one }) => one.pushedAt,
  isPrivate: ({ repository: one }) => one.private,
  isArchived: ({ repository: one }) => one.archived,
  isFork: ({ repository: one }) => one.parentId !== null,
  isEmpty: ({ repository: one }) => one.refs.size === 0,
  isDisabled: () => false,
  isLocked: () => false,
  isTemplate: () => false,
  isMirror: () => false,
  isInOrganization: ({ repository: one }, _args, { state }) =>
    userOf(state, one.ownerId).type === 'Organization',
  visibility: ({ repository: one }) => (one.private ? 'PRIVATE' : 'PUBLIC'),
  hasIssuesEnabled: ({ repository: one }) => one.hasIssues,
  hasProjectsEnabled: () => false,
  hasWikiEnabled: ({ repository: one }) => one.hasWiki,
  hasDiscussionsEnabled: () => false,
  mergeCommitAllowed: ({ repository: one }) => one.allowMerge,
  squashMergeAllowed: ({ repository: one }) => one.allowSquash,
  rebaseMergeAllowed: ({ repository: one }) => one.allowRebase,
  autoMergeAllowed: ({ repository: one }) => one.allowAutoMerge,
  deleteBranchOnMerge: ({ repository: one }) => one.deleteBranchOnMerge,
  viewerDefaultMergeMethod: () => 'MERGE',
  viewerPermission: ({ repository: one }, _args, context) => viewerPermission(context, one),
  viewerCanAdminister: ({ repository: one }, _args, context) =>
    viewerPermission(context, one) === 'ADMIN',
  parent: ({ repository: one }, _args, { state }) => {
    const parent = state.repositories.get(one.parentId ?? 0);
    return parent ? repositoryNode(parent) : null;
  },
  forks: ({ repository: one }, args, { state }) => {
    const list = [...state.repositories.values()].filter((fork) => fork.parentId === one.id);
    return connection(list, args, { name: 'forks', make: repositoryNode });
  },
  defaultBranchRef: ({ repository: one }) => refOrNull(one, `refs/heads/${one.defaultBranch}`),
  ref: ({ repository: one }, args) => {
    const name = String(args['qualifiedName']);
    return (
      refOrNull(one, name) ??
      refOrNull(one, `refs/heads/${name}`) ??
      refOrNull(one, `refs/tags/${name}`) ??
      refOrNull(one, `refs/${name}`)
    );
  },
  refs: ({ repository: one }, args) => {
    const prefix = String(args['refPrefix']);
    const query = textArg(args, 'query') ?? '';
    const names = [...one.refs.keys()]
      .filter((ref) => ref.startsWith(prefix) && ref.slice(prefix.length).includes(query))
      .sort();
    return connection(names, args, {
      name: 'refs',
      make: (ref) => ({ ...refNode(one, ref), prefix }),
    });
  },
  object: ({ repository: one }, args, context) =>
    resolveExpression(context, one, textArg(args, 'oid') ?? textArg(args, 'expression') ?? ''),
  pullRequest: ({ repository: one }, args, { state }) => {
    const issue = one.issues.get(Number(args['number']));
    if (!isPull(issue)) throw missing('PullRequest', `the number of ${String(args['number'])}`);
    return state.repositories.has(one.id) ? pullNode(one, issue) : null;
  },
  issue: ({ repository: one }, args) => {
    const issue = one.issues.get(Number(args['number']));
    if (!issue || isPull(issue)) throw missing('Issue', `the number of ${String(args['number'])}`);
    return issueNode(one, issue);
  },
  issueOrPullRequest: ({ repository: one }, args) => {
    const issue = one.issues.get(Number(args['number']));
    if (!issue) throw missing('issue or pull request', `the number of ${String(args['number'])}`);
    return issueNode(one, issue);
  },
  pullRequests: ({ repository: one }, args) => {
    const list = pullsBy(one, args);
    return connection(list, args, { name: 'pullRequests', make: (issue) => pullNode(one, issue) });
  },
  issues: ({ repository: one }, args, context) => {
    const list = issuesBy(context, one, args);
    return connection(list, args, { name: 'issues', make: (issue) => issueNode(one, issue) });
  },
  label: ({ repository: one }, args) => {
    const label = labelByName(one, String(args['name']));
    return label ? labelNode(one, label) : null;
  },
  labels: ({ repository: one }, args) => {
    const list = labelsBy(one.labels.values(), args);
    return connection(list, args, { name: 'labels', make: (label) => labelNode(one, label) });
  },
  milestones: ({ repository: one }, args) =>
    connection([...one.milestones.values()], args, {
      name: 'milestones',
      make: (milestone) => milestoneNode(one, milestone),
    }),
  assignableUsers: ({ repository: one }, args, context) =>
    connection(assignable(context, one), args, { name: 'assignableUsers', make: userNode }),
  collaborators: ({ repository: one }, args, context) =>
    connection(assignable(context, one), args, { name: 'collaborators', make: userNode }),
});

function assignable(context: Context, one: Repository) {
  const ids = [
    ...one.collaborators.keys(),
    ...(context.state.members.get(one.ownerId)?.keys() ?? []),
  ];
  return [...new Set(ids)].flatMap((id) => context.state.users.get(id) ?? []);
}

function refOrNull(one: Repository, ref: string): RefNode | null {
  return one.refs.has(ref) ? refNode(one, ref) : null;
}

const ref = fields<RefNode & { prefix?: string }>({
  id: ({ repository: one, ref: name }) => nodeId('REF', `${one.id}:${name}`),
  name: ({ ref: name, prefix }) =>
    name.slice((prefix ?? name.match(/^refs\/(heads|tags)\//)?.[0] ?? 'refs/').length),
  prefix: ({ ref: name }) => name.match(/^refs\/[^/]+\//)?.[0] ?? 'refs/',
  repository: ({ repository: one }) => repositoryNode(one),
  target: ({ repository: one, ref: name }, _args, context) =>
    resolveExpression(context, one, one.refs.get(name) ?? ''),
  associatedPullRequests: ({ repository: one, ref: name }, args, context) => {
    const branch = name.replace(/^refs\/heads\//, '');
    const list = [...context.state.repositories.values()]
      .filter((home) => home.networkId === one.networkId)
      .flatMap((home) =>
        pullsBy(home, { ...args, headRefName: branch })
          .filter((issue) => issue.pull.headRepositoryId === one.id)
          .map((issue) => pullNode(home, issue)),
      );
    return connection(list, args, { name: 'associatedPullRequests', make: (node) => node });
  },
  branchProtectionRule: () => null,
});

const label = fields<LabelNode>({
  id: ({ label: one }) => nodeId('LA', one.id),
  name: ({ label: one }) => one.name,
  color: ({ label: one }) => one.color,
  description: ({ label: one }) => one.description,
  isDefault: () => false,
  repository: ({ repository: one }) => repositoryNode(one),
  url: ({ repository: home, label: one }, _args, { sim, state }) =>
    `${sim.url}/${fullName(state, home)}/labels/${encodeURIComponent(one.name)}`,
});

const milestone = fields<MilestoneNode>({
  id: ({ milestone: one }) => nodeId('MI', one.id),
  number: ({ milestone: one }) => one.number,
  title: ({ milestone: one }) => one.title,
  description: ({ milestone: one }) => one.description,
  state: ({ milestone: one }) => one.state.toUpperCase(),
  dueOn: ({ milestone: one }) => one.dueOn,
});

export const repositoryTypes: Readonly<Record<string, Fields>> = {
  Repository: repository,
  Ref: ref,
  Label: label,
  Milestone: milestone,
};
