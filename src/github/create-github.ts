import { createCalls } from './calls.ts';
import type { Calls } from './calls.ts';
import type { GitHub } from './gateway.ts';
import { mutateAddReaction } from './graphql/add-reaction.ts';
import { queryClosingIssues } from './graphql/closing-issues.ts';
import { queryPullRequest } from './graphql/pull-request.ts';
import { queryViewer } from './graphql/viewer.ts';
import { keepNewest } from './newest.ts';
import { openPullRequest } from './open-pull-request.ts';
import type { GitHubOptions } from './options.ts';
import { addLabels } from './rest/add-labels.ts';
import { createDeployment } from './rest/create-deployment.ts';
import { createDeploymentStatus } from './rest/create-deployment-status.ts';
import { createIssueComment } from './rest/create-issue-comment.ts';
import { createReaction } from './rest/create-reaction.ts';
import { getAuthenticatedUser } from './rest/get-authenticated-user.ts';
import { getBranch } from './rest/get-branch.ts';
import { getCollaboratorPermission } from './rest/get-collaborator-permission.ts';
import { getCombinedStatus } from './rest/get-combined-status.ts';
import { getRateLimit } from './rest/get-rate-limit.ts';
import { getRepository } from './rest/get-repository.ts';
import { getUser } from './rest/get-user.ts';
import { listCheckRuns } from './rest/list-check-runs.ts';
import { listDeployments } from './rest/list-deployments.ts';
import { getAppHookUrl, listHookDeliveries, redeliver } from './rest/hook-deliveries.ts';
import { listHooks, listOrganizationHooks } from './rest/list-hooks.ts';
import { listIssueComments } from './rest/list-issue-comments.ts';
import { listPulls } from './rest/list-pulls.ts';
import { listReviews } from './rest/list-reviews.ts';
import { removeLabel } from './rest/remove-label.ts';
import { closeIssue } from './rest/update-issue.ts';
import { updatePull } from './rest/update-pull.ts';

/** The gateway for one account. Nothing is sent before the first call; there is nothing to close. */
export function createGitHub(options: GitHubOptions): GitHub {
  const calls = createCalls(options);
  return { ...bindReads(calls), ...bindWrites(calls) };
}

type Reads = Pick<
  GitHub,
  | 'viewer'
  | 'gitToken'
  | 'rateLimit'
  | 'user'
  | 'repository'
  | 'branch'
  | 'permission'
  | 'hooks'
  | 'organizationHooks'
  | 'appHookUrl'
  | 'hookDeliveries'
  | 'pullRequest'
  | 'findPullRequests'
  | 'pullRequestComments'
  | 'commentsSince'
  | 'pullRequestReviews'
  | 'closingIssues'
  | 'statuses'
  | 'findDeployments'
>;

function bindReads(calls: Calls): Reads {
  return {
    viewer: () => (calls.isApp ? queryViewer(calls) : getAuthenticatedUser(calls)),
    gitToken: () => calls.gitToken(),
    rateLimit: () => getRateLimit(calls),
    user: (login) => getUser(calls, login),
    repository: (repo) => getRepository(calls, repo),
    branch: (repo, branch) => getBranch(calls, repo, branch),
    permission: (repo, login) => getCollaboratorPermission(calls, repo, login),
    hooks: (repo) => listHooks(calls, repo),
    organizationHooks: (org) => listOrganizationHooks(calls, org),
    appHookUrl: () => getAppHookUrl(calls),
    hookDeliveries: (place, since) => listHookDeliveries(calls, place, since),
    pullRequest: (repo, number) => queryPullRequest(calls, repo, number),
    findPullRequests: (repo, filter) => listPulls(calls, repo, filter),
    pullRequestComments: (repo, number) => listIssueComments(calls, { repo, number }),
    commentsSince: (repo, number, since) => listIssueComments(calls, { repo, number, since }),
    pullRequestReviews: (repo, number) => listReviews(calls, repo, number),
    closingIssues: (repo, number) => queryClosingIssues(calls, repo, number),
    statuses: async (repo, sha) => {
      const statuses = await getCombinedStatus(calls, repo, sha);
      return keepNewest([...statuses, ...(await listCheckRuns(calls, repo, sha))]);
    },
    findDeployments: (repo, filter) => listDeployments(calls, repo, filter),
  };
}

function bindWrites(calls: Calls): Omit<GitHub, keyof Reads> {
  return {
    createPullRequest: (pullRequest) => openPullRequest(calls, pullRequest),
    closePullRequest: (repo, number) =>
      updatePull(calls, { operation: 'closePullRequest', repo, number }, { state: 'closed' }),
    reopenPullRequest: (repo, number) =>
      updatePull(calls, { operation: 'reopenPullRequest', repo, number }, { state: 'open' }),
    retarget: (repo, number, base) =>
      updatePull(calls, { operation: 'retarget', repo, number }, { base }),
    comment: (repo, number, body) => createIssueComment(calls, { repo, number }, body),
    react: (repo, subject, content) =>
      subject.kind === 'review'
        ? mutateAddReaction(calls, subject.nodeId, content)
        : createReaction(calls, { repo, subject }, content),
    redeliver: (place, deliveryId) => redeliver(calls, place, deliveryId),
    addLabels: (repo, number, labels) => addLabels(calls, { repo, number }, labels),
    removeLabel: (repo, number, label) => removeLabel(calls, { repo, number }, label),
    closeIssue: (repo, number) => closeIssue(calls, repo, number),
    createDeployment: (repo, deployment) => createDeployment(calls, repo, deployment),
    createDeploymentStatus: (repo, id, status) =>
      createDeploymentStatus(calls, { repo, id }, status),
  };
}
