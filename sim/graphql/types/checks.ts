import { requiredContexts } from '../../acts/protection.ts';
import { latestStatuses, suiteVerdict } from '../../json/checks.ts';
import { nodeId } from '../../json/user.ts';
import { isPull } from '../../state/state.ts';
import type { CheckRun, Repository } from '../../state/types.ts';
import { connection } from '../connection.ts';
import { fields, type Args, type Fields } from '../context.ts';
import {
  authorNode,
  commitNodeOf,
  repositoryNode,
  runNode,
  statusNode,
  type RollupNode,
  type RunNode,
  type StatusNode,
  type SuiteNode,
} from '../nodes.ts';

/** Newest run of each name and App. */
function latestRuns(repository: Repository, sha: string): CheckRun[] {
  const latest = new Map<string, CheckRun>();
  for (const id of repository.checkRunsBySha.get(sha) ?? []) {
    const run = repository.checkRuns.get(id);
    if (run) latest.set(`${run.appId} ${run.name}`, run);
  }
  return [...latest.values()];
}

function rollupState({ repository, sha }: RollupNode): string {
  const states = [
    ...latestStatuses(repository, sha).map((one) => one.state.toUpperCase()),
    ...latestRuns(repository, sha).map(runState),
  ];
  for (const worst of ['FAILURE', 'ERROR', 'EXPECTED', 'PENDING'])
    if (states.includes(worst)) return worst;
  return 'SUCCESS';
}

function runState(run: CheckRun): string {
  if (run.status !== 'completed') return 'PENDING';
  return ['success', 'neutral', 'skipped'].includes(run.conclusion ?? '') ? 'SUCCESS' : 'FAILURE';
}

const rollupFields = fields<RollupNode>({
  id: ({ repository, sha }) => nodeId('SCR', `${repository.id}:${sha}`),
  state: (source) => rollupState(source),
  commit: ({ repository, sha }, _args, context) => commitNodeOf(context, repository, sha),
  contexts: ({ repository, sha }, args) => {
    const list = [
      ...latestStatuses(repository, sha).map((one) => statusNode(repository, one)),
      ...latestRuns(repository, sha).map((one) => runNode(repository, one)),
    ];
    const count = (type: string) => list.filter((one) => one.__typename === type).length;
    return {
      ...connection(list, args, { name: 'contexts', make: (one) => one }),
      checkRunCount: count('CheckRun'),
      statusContextCount: count('StatusContext'),
    };
  },
});

const status = fields<StatusNode>({
  id: ({ status: one }) => nodeId('SC', one.id),
  context: ({ status: one }) => one.context,
  state: ({ status: one }) => one.state.toUpperCase(),
  description: ({ status: one }) => one.description,
  targetUrl: ({ status: one }) => one.targetUrl,
  createdAt: ({ status: one }) => one.createdAt,
  creator: ({ status: one }, _args, context) => authorNode(context, one.creatorId),
  avatarUrl: ({ status: one }, _args, { sim }) => `${sim.url}/avatars/u/${one.creatorId}`,
  commit: ({ repository, status: one }, _args, context) =>
    commitNodeOf(context, repository, one.sha),
  isRequired: ({ repository, status: one }, args) =>
    isRequired({ repository, context: one.context }, args),
});

/** By protection and rulesets of the branch which the pull request is for. */
function isRequired(
  { repository, context }: { repository: Repository; context: string },
  args: Args,
): boolean {
  const { pullRequestNumber: number, pullRequestId: id } = args;
  const issue = [...repository.issues.values()].find(
    (one) => one.number === number || (isPull(one) && nodeId('PR', one.pull.id) === id),
  );
  const branch = isPull(issue) ? issue.pull.baseRef : repository.defaultBranch;
  return requiredContexts(repository, branch).includes(context);
}

const run = fields<RunNode>({
  id: ({ run: one }) => nodeId('CR', one.id),
  databaseId: ({ run: one }) => one.id,
  name: ({ run: one }) => one.name,
  status: ({ run: one }) => one.status.toUpperCase(),
  conclusion: ({ run: one }) => one.conclusion?.toUpperCase() ?? null,
  startedAt: ({ run: one }) => one.startedAt,
  completedAt: ({ run: one }) => one.completedAt,
  detailsUrl: ({ run: one }) => one.detailsUrl,
  externalId: ({ run: one }) => one.externalId,
  title: ({ run: one }) => one.title,
  summary: ({ run: one }) => one.summary,
  text: ({ run: one }) => one.text,
  url: ({ run: one }, _args, { sim }) => `${sim.url}/runs/${one.id}`,
  permalink: ({ run: one }, _args, { sim }) => `${sim.url}/runs/${one.id}`,
  repository: ({ repository }) => repositoryNode(repository),
  isRequired: ({ repository, run: one }, args) =>
    isRequired({ repository, context: one.name }, args),
  checkSuite: ({ repository, run: one }): SuiteNode | null => {
    const suite = repository.checkSuites.get(one.suiteId);
    return suite ? { __typename: 'CheckSuite', repository, suite } : null;
  },
});

const suite = fields<SuiteNode>({
  id: ({ suite: one }) => nodeId('CS', one.id),
  databaseId: ({ suite: one }) => one.id,
  status: ({ repository, suite: one }) =>
    suiteVerdict(runsOf(repository, one.id)).status.toUpperCase(),
  conclusion: ({ repository, suite: one }) =>
    suiteVerdict(runsOf(repository, one.id)).conclusion?.toUpperCase() ?? null,
  createdAt: ({ suite: one }) => one.createdAt,
  updatedAt: ({ suite: one }) => one.updatedAt,
  app: ({ suite: one }, _args, { state }) => {
    const app = state.apps.get(one.appId);
    return app ? { __typename: 'App', app } : null;
  },
  workflowRun: () => null,
  commit: ({ repository, suite: one }, _args, context) =>
    commitNodeOf(context, repository, one.sha),
  checkRuns: ({ repository, suite: one }, args) =>
    connection(runsOf(repository, one.id), args, {
      name: 'checkRuns',
      make: (each) => runNode(repository, each),
    }),
});

function runsOf(repository: Repository, id: number): CheckRun[] {
  return [...repository.checkRuns.values()].filter((one) => one.suiteId === id);
}

export const checkTypes: Readonly<Record<string, Fields>> = {
  StatusCheckRollup: rollupFields,
  StatusContext: status,
  CheckRun: run,
  CheckSuite: suite,
};
