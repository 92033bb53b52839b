import { ok } from '../http/call.ts';
import { Router, route, type Route } from '../http/router.ts';
import { appRoutes } from './apps.ts';
import { branchRoutes, branchTailRoutes } from './branches.ts';
import { checkRoutes } from './checks.ts';
import { commitCommentRoutes } from './commit-comments.ts';
import { contentRoutes } from './contents.ts';
import { protectionRoutes } from './protection.ts';
import { commitRoutes, commitTailRoutes } from './commits.ts';
import { deploymentRoutes } from './deployments.ts';
import { collaboratorRoutes } from './collaborators.ts';
import { gitObjectRoutes } from './git-objects.ts';
import { organizationRoutes } from './organizations.ts';
import { refRoutes } from './refs.ts';
import { rulesetRoutes } from './rulesets.ts';
import { tagRoutes } from './tags.ts';
import { searchRoutes } from './search.ts';
import { teamRoutes } from './teams.ts';
import { treeRoutes } from './trees.ts';
import { hookRoutes } from './hooks.ts';
import { issueRoutes } from './issues.ts';
import { installationRoutes } from './installations.ts';
import { labelRoutes } from './labels.ts';
import { milestoneRoutes } from './milestones.ts';
import { pullRoutes } from './pulls.ts';
import { repositoryRoutes } from './repositories.ts';
import { reviewRoutes } from './reviews.ts';
import { userRoutes, userTailRoutes } from './users.ts';

const metaRoutes = [
  route('GET', '/meta', 'meta/get', () => ok({ verifiable_password_authentication: false })),
  route('GET', '/zen', 'meta/get-zen', () => ({ status: 200, body: 'Keep it logically awesome.' })),
];

/** Every operation of REST; first come, first served, so the ones with long tails stand last. */
export const restRoutes: readonly Route[] = [
  ...metaRoutes,
  ...userRoutes,
  ...organizationRoutes,
  ...teamRoutes,
  ...appRoutes,
  ...installationRoutes,
  ...repositoryRoutes,
  ...collaboratorRoutes,
  ...branchRoutes,
  ...protectionRoutes,
  ...rulesetRoutes,
  ...contentRoutes,
  ...commitCommentRoutes,
  ...hookRoutes,
  ...commitRoutes,
  ...checkRoutes,
  ...refRoutes,
  ...gitObjectRoutes,
  ...treeRoutes,
  ...tagRoutes,
  ...reviewRoutes,
  ...pullRoutes,
  ...issueRoutes,
  ...labelRoutes,
  ...milestoneRoutes,
  ...deploymentRoutes,
  ...searchRoutes,
  ...userTailRoutes,
  ...branchTailRoutes,
  ...commitTailRoutes,
];

export const restRouter = new Router(restRoutes);
