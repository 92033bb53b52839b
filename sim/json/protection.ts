import { appJson } from './checks.ts';
import { teamJson, userById, type Json, type View } from './user.ts';
import type { Protection } from '../state/types.ts';

/** A protection rule; `url` is its own address. */
export function protectionJson(view: View, url: string, rule: Protection): Json {
  const on = (enabled: boolean): Json => ({ enabled });
  return {
    url,
    ...(rule.requiredStatuses
      ? { required_status_checks: statusesJson(url, rule.requiredStatuses) }
      : {}),
    ...(rule.requiredReviews
      ? { required_pull_request_reviews: reviewsJson(view, url, rule.requiredReviews) }
      : {}),
    ...(rule.restrictions ? { restrictions: restrictionsJson(view, url, rule.restrictions) } : {}),
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

/** The required statuses of a protection rule. */
export function statusesJson(url: string, rule: NonNullable<Protection['requiredStatuses']>): Json {
  return {
    url: `${url}/required_status_checks`,
    strict: rule.strict,
    contexts: rule.contexts,
    contexts_url: `${url}/required_status_checks/contexts`,
    checks: rule.contexts.map((context) => ({ context, app_id: null })),
  };
}

function reviewsJson(
  view: View,
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
      users: rule.bypassUsers.map((id) => userById(view, id)),
      teams: [],
      apps: [],
    },
  };
}

function restrictionsJson(
  view: View,
  url: string,
  rule: NonNullable<Protection['restrictions']>,
): Json {
  const at = `${url}/restrictions`;
  return {
    url: at,
    users_url: `${at}/users`,
    teams_url: `${at}/teams`,
    apps_url: `${at}/apps`,
    users: rule.users.map((id) => userById(view, id)),
    teams: rule.teams.flatMap((id) => {
      const team = view.state.teams.get(id);
      return team ? [teamJson(view, team)] : [];
    }),
    apps: rule.apps.flatMap((id) => {
      const app = view.state.apps.get(id);
      return app ? [appJson(view, app)] : [];
    }),
  };
}
