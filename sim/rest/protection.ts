import { invalid, Refused } from '../errors.ts';
import {
  DONE,
  flag,
  isRecord,
  ok,
  param,
  part,
  repositoryOf,
  texts,
  type Call,
  type Reply,
} from '../http/call.ts';
import { route } from '../http/router.ts';
import { repositoryApi } from '../json/repository.ts';
import { branchHead, userByLogin } from '../state/state.ts';
import type { Protection, Repository } from '../state/types.ts';
import { protectionJson, statusesJson } from '../json/protection.ts';

function api(call: Call, repository: Repository): string {
  return `${repositoryApi(call, repository)}/branches/${encodeURIComponent(param(call, 'branch'))}/protection`;
}

function protectionIn(call: Call): { repository: Repository; rule: Protection } {
  const repository = repositoryOf(call, 'admin');
  const rule = repository.protections.get(param(call, 'branch'));
  if (!rule) throw new Refused(404, 'Branch not protected');
  return { repository, rule };
}

function userIds(call: Call, logins: unknown): number[] {
  return (texts(logins) ?? []).flatMap((login) => userByLogin(call.state, login)?.id ?? []);
}

function set(call: Call): Reply {
  const repository = repositoryOf(call, 'admin');
  const branch = param(call, 'branch');
  if (!branch.includes('*') && branchHead(repository, branch) === undefined)
    throw new Refused(404, 'Branch not found');
  for (const field of [
    'required_status_checks',
    'enforce_admins',
    'required_pull_request_reviews',
    'restrictions',
  ])
    if (!(field in call.body))
      throw invalid({ resource: 'ProtectedBranch', field, code: 'missing_field' });
  const statuses = part(call, 'required_status_checks');
  const reviews = part(call, 'required_pull_request_reviews');
  const restrictions = part(call, 'restrictions');
  const rule: Protection = {
    requiredStatuses: statuses && {
      strict: statuses['strict'] === true,
      contexts: contextsOf(statuses),
    },
    requiredReviews: reviews && {
      count:
        typeof reviews['required_approving_review_count'] === 'number'
          ? reviews['required_approving_review_count']
          : 1,
      dismissStale: reviews['dismiss_stale_reviews'] === true,
      codeOwners: reviews['require_code_owner_reviews'] === true,
      bypassUsers: userIds(
        call,
        isRecord(reviews['bypass_pull_request_allowances'])
          ? reviews['bypass_pull_request_allowances']['users']
          : [],
      ),
    },
    restrictions: restrictions && {
      users: userIds(call, restrictions['users']),
      teams: (texts(restrictions['teams']) ?? []).flatMap(
        (slug) => [...call.state.teams.values()].find((one) => one.slug === slug)?.id ?? [],
      ),
      apps: (texts(restrictions['apps']) ?? []).flatMap(
        (slug) => [...call.state.apps.values()].find((one) => one.slug === slug)?.id ?? [],
      ),
    },
    enforceAdmins: flag(call, 'enforce_admins') ?? false,
    linearHistory: flag(call, 'required_linear_history') ?? false,
    allowForcePushes: flag(call, 'allow_force_pushes') ?? false,
    allowDeletions: flag(call, 'allow_deletions') ?? false,
    requireConversationResolution: flag(call, 'required_conversation_resolution') ?? false,
    lockBranch: flag(call, 'lock_branch') ?? false,
    requireSignatures: false,
  };
  repository.protections.set(branch, rule);
  return ok(protectionJson(call, api(call, repository), rule));
}

function contextsOf(statuses: Record<string, unknown>): string[] {
  const checks = statuses['checks'];
  const named = Array.isArray(checks)
    ? checks.flatMap((one: unknown) =>
        isRecord(one) && typeof one['context'] === 'string' ? [one['context']] : [],
      )
    : [];
  return [...new Set([...(texts(statuses['contexts']) ?? []), ...named])];
}

export const AT = '/repos/{owner}/{repo}';

export const protectionRoutes = [
  route('GET', `${AT}/branches/{branch+}/protection`, 'repos/get-branch-protection', (call) => {
    const { repository, rule } = protectionIn(call);
    return ok(protectionJson(call, api(call, repository), rule));
  }),
  route('PUT', `${AT}/branches/{branch+}/protection`, 'repos/update-branch-protection', set),
  route(
    'DELETE',
    `${AT}/branches/{branch+}/protection`,
    'repos/delete-branch-protection',
    (call) => {
      protectionIn(call).repository.protections.delete(param(call, 'branch'));
      return DONE;
    },
  ),
  route(
    'GET',
    `${AT}/branches/{branch+}/protection/required_status_checks`,
    'repos/get-status-checks-protection',
    (call) => {
      const { repository, rule } = protectionIn(call);
      if (!rule.requiredStatuses) throw new Refused(404, 'Required status checks not enabled');
      return ok(statusesJson(api(call, repository), rule.requiredStatuses));
    },
  ),
];
