import { userOf } from '../state/state.ts';
import type { App, Installation } from '../state/types.ts';
import { maybeUser, nodeId, userJson, type Json, type View } from './user.ts';

/** The installation as webhooks carry it. */
export function minimalInstallation(installation: Installation): Json {
  return { id: installation.id, node_id: nodeId('INS', installation.id) };
}

/** An installation of a GitHub App. */
export function installationJson(view: View, app: App, installation: Installation): Json {
  const account = userOf(view.state, installation.accountId ?? app.ownerId);
  return {
    id: installation.id,
    client_id: app.clientId,
    account: userJson(view, account),
    repository_selection: installation.repositoryIds === null ? 'all' : 'selected',
    access_tokens_url: `${view.sim.url}/app/installations/${installation.id}/access_tokens`,
    repositories_url: `${view.sim.url}/installation/repositories`,
    html_url: `${view.sim.url}/settings/installations/${installation.id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.type,
    permissions: app.permissions,
    events: app.events,
    created_at: installation.createdAt,
    updated_at: installation.createdAt,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: maybeUser(view, installation.suspended?.byId ?? null),
    suspended_at: installation.suspended?.at ?? null,
  };
}
