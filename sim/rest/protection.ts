import { invalid, notFound, Refused } from '../errors.ts';
import {
  caller,
  created,
  DONE,
  flag,
  isRecord,
  needText,
  numberParam,
  ok,
  paged,
  param,
  repositoryOf,
  text,
  texts,
  type Call,
  type Reply,
} from '../http/call.ts';
import { route } from '../http/router.ts';
import { appJson } from '../json/checks.ts';
import { repositoryApi, repositoryHtml } from '../json/repository.ts';
import { nodeId, teamJson, userById, type Json } from '../json/user.ts';
import { rulesetsOf } from '../acts/protection.ts';
import { branchHead, fullName, nextId, stamp, userByLogin } from '../state/state.ts';
import type { Protection, Repository, Ruleset } from '../state/types.ts';

function api(call: Call, repository: Repository): string {
  return `${repositoryApi(call, repository)}/branches/${encodeURIComponent(param(call, 'branch'))}/protection`;
}

function protectionJson(call: Call, repository: Repository, rule: Protection): Json {
  const url = api(call, repository);
  const on = (enabled: boolean): Json => ({ enabled });
  return {
    url,
    ...(rule.requiredStatuses
      ? { required_status_checks: statusesJson(url, rule.requiredStatuses) }
      : {}),
    ...(rule.requiredReviews
      ? { required_pull_request_reviews: reviewsJson(call, url, rule.requiredReviews) }
      : {}),
    ...(rule.restrictions ? { restrictions: restrictionsJson(call, url, rule.restrictions) } : {}),
    required_signatures: { url: `${url}/required_signatures`, enabled: rule.requireSignatures },
    enforce_admins: { url: `${url}/enforce_admins`, enabled: rule.enforceAdmins },
    required_linear_history: on(rule.linearHistory),
    allow_force_pushes: on(rule.allowForcePushes),
    allow_deletions: on(rule.allowDeletions),
    block_creations: on(false),
    required_conversation_resolution: on(rule.requireConversationResolution),
    lock_branch: on(rule.lockBranch),
    allow_fork_syncing: on(false),
  };
}

function statusesJson(url: string, rule: NonNullable<Protection['requiredStatuses']>): Json {
  return {
    url: `${url}/required_status_checks`,
    strict: rule.strict,
    contexts: rule.contexts,
    contexts_url: `${url}/required_status_checks/contexts`,
    checks: rule.contexts.map((context) => ({ context, app_id: null })),
  };
}

function reviewsJson(
  call: Call,
  url: string,
  rule: NonNullable<Protection['requiredReviews']>,
): Json {
  return {
    url: `${url}/required_pull_request_reviews`,
    dismiss_stale_reviews: rule.dismissStale,
    require_code_owner_reviews: rule.codeOwners,
    require_last_push_approval: false,
    required_approving_review_count: rule.count,
    bypass_pull_request_allowances: {
      users: rule.bypassUsers.map((id) => userById(call, id)),
      teams: [],
      apps: [],
    },
  };
}

function restrictionsJson(
  call: Call,
  url: string,
  rule: NonNullable<Protection['restrictions']>,
): Json {
  const at = `${url}/restrictions`;
  return {
    url: at,
    users_url: `${at}/users`,
    teams_url: `${at}/teams`,
    apps_url: `${at}/apps`,
    users: rule.users.map((id) => userById(call, id)),
    teams: rule.teams.flatMap((id) => {
      const team = call.state.teams.get(id);
      return team ? [teamJson(call, team)] : [];
    }),
    apps: rule.apps.flatMap((id) => {
      const app = call.state.apps.get(id);
      return app ? [appJson(call, app)] : [];
    }),
  };
}

function protectionIn(call: Call): { repository: Repository; rule: Protection } {
  const repository = repositoryOf(call, 'admin');
  const rule = repository.protections.get(param(call, 'branch'));
  if (!rule) throw new Refused(404, 'Branch not protected');
  return { repository, rule };
}

function part(call: Call, name: string): Record<string, unknown> | null {
  const value = call.body[name];
  return isRecord(value) ? value : null;
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
  return ok(protectionJson(call, repository, rule));
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

function rulesetOf(call: Call): { repository: Repository; ruleset: Ruleset } {
  const repository = repositoryOf(call);
  const ruleset = repository.rulesets.get(numberParam(call, 'ruleset_id'));
  if (!ruleset) throw notFound();
  return { repository, ruleset };
}

function rulesetJson(call: Call, repository: Repository, one: Ruleset): Json {
  const self = `${repositoryApi(call, repository)}/rulesets/${one.id}`;
  return {
    id: one.id,
    name: one.name,
    target: one.target,
    source_type: 'Repository',
    source: fullName(call.state, repository),
    enforcement: one.enforcement,
    node_id: nodeId('RRS', one.id),
    _links: {
      self: { href: self },
      html: { href: `${repositoryHtml(call, repository)}/rules/${one.id}` },
    },
    created_at: one.createdAt,
    updated_at: one.updatedAt,
    bypass_actors: one.bypass,
    current_user_can_bypass: 'never',
    conditions: { ref_name: { include: one.include, exclude: one.exclude } },
    rules: one.rules,
  };
}

function fill(call: Call, ruleset: Ruleset): void {
  ruleset.name = text(call, 'name') ?? ruleset.name;
  const enforcement = text(call, 'enforcement');
  if (enforcement === 'active' || enforcement === 'disabled' || enforcement === 'evaluate')
    ruleset.enforcement = enforcement;
  const conditions = part(call, 'conditions');
  const names = conditions && isRecord(conditions['ref_name']) ? conditions['ref_name'] : null;
  if (names) {
    ruleset.include = texts(names['include']) ?? [];
    ruleset.exclude = texts(names['exclude']) ?? [];
  }
  const { rules, bypass_actors: bypass } = call.body;
  if (Array.isArray(rules))
    ruleset.rules = rules.filter(isRecord).map((one) => ({
      type: String(one['type']),
      ...(isRecord(one['parameters']) ? { parameters: one['parameters'] } : {}),
    }));
  if (Array.isArray(bypass))
    ruleset.bypass = bypass.filter(isRecord).map((one) => ({
      actor_id: typeof one['actor_id'] === 'number' ? one['actor_id'] : null,
      actor_type: String(one['actor_type']),
      bypass_mode: typeof one['bypass_mode'] === 'string' ? one['bypass_mode'] : 'always',
    }));
  ruleset.updatedAt = stamp();
}

function createRuleset(call: Call): Reply {
  const repository = repositoryOf(call, 'admin');
  caller(call);
  const now = stamp();
  const ruleset: Ruleset = {
    id: nextId(call.state),
    name: needText(call, 'name', 'RepositoryRuleset'),
    target: text(call, 'target') === 'tag' ? 'tag' : 'branch',
    enforcement: 'active',
    include: [],
    exclude: [],
    rules: [],
    bypass: [],
    createdAt: now,
    updatedAt: now,
  };
  fill(call, ruleset);
  repository.rulesets.set(ruleset.id, ruleset);
  return created(rulesetJson(call, repository, ruleset));
}

function rulesOfBranch(call: Call): Reply {
  const repository = repositoryOf(call);
  const source = fullName(call.state, repository);
  const rules = rulesetsOf(repository, param(call, 'branch')).flatMap((one) =>
    one.rules.map((rule) => ({
      ...rule,
      ruleset_source_type: 'Repository',
      ruleset_source: source,
      ruleset_id: one.id,
    })),
  );
  return paged(call, rules);
}

const AT = '/repos/{owner}/{repo}';

export const protectionRoutes = [
  route('GET', `${AT}/branches/{branch+}/protection`, 'repos/get-branch-protection', (call) => {
    const { repository, rule } = protectionIn(call);
    return ok(protectionJson(call, repository, rule));
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
  route('GET', `${AT}/rulesets`, 'repos/get-repo-rulesets', (call) => {
    const repository = repositoryOf(call);
    return paged(
      call,
      [...repository.rulesets.values()].map((one) => rulesetJson(call, repository, one)),
    );
  }),
  route('POST', `${AT}/rulesets`, 'repos/create-repo-ruleset', createRuleset),
  route('GET', `${AT}/rulesets/{ruleset_id}`, 'repos/get-repo-ruleset', (call) => {
    const { repository, ruleset } = rulesetOf(call);
    return ok(rulesetJson(call, repository, ruleset));
  }),
  route('PUT', `${AT}/rulesets/{ruleset_id}`, 'repos/update-repo-ruleset', (call) => {
    repositoryOf(call, 'admin');
    const { repository, ruleset } = rulesetOf(call);
    fill(call, ruleset);
    return ok(rulesetJson(call, repository, ruleset));
  }),
  route('DELETE', `${AT}/rulesets/{ruleset_id}`, 'repos/delete-repo-ruleset', (call) => {
    repositoryOf(call, 'admin');
    const { repository, ruleset } = rulesetOf(call);
    repository.rulesets.delete(ruleset.id);
    return DONE;
  }),
  route('GET', `${AT}/rules/branches/{branch+}`, 'repos/get-branch-rules', rulesOfBranch),
];
