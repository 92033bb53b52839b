import type { Sim } from '../sim.ts';
import { userOf } from '../state/state.ts';
import type { State, Team, User } from '../state/types.ts';

export type Json = Record<string, unknown>;

/** Where a presenter reads from: the world shown and the address it is served at. */
export interface View {
  readonly sim: Sim;
  readonly state: State;
}

const NODE_PREFIX = { User: 'U', Bot: 'BOT', Organization: 'O' } as const;

/** A GraphQL node id: a readable prefix for the type, then the number. */
export function nodeId(prefix: string, id: number | string): string {
  return `${prefix}_${Buffer.from(String(id)).toString('base64url')}`;
}

/** Takes a node id apart; null when it is none of ours. */
export function readNodeId(id: string): { prefix: string; key: string } | null {
  const match = /^([A-Z]+)_([\w-]+)$/.exec(id);
  if (!match?.[1] || !match[2]) return null;
  return { prefix: match[1], key: Buffer.from(match[2], 'base64url').toString() };
}

/** The node id of an account. */
export function userNodeId(user: User): string {
  return nodeId(NODE_PREFIX[user.type], user.id);
}

/** GitHub's "simple user". */
export function userJson(view: View, user: User): Json {
  const api = `${view.sim.url}/users/${encodeURIComponent(user.login)}`;
  return {
    login: user.login,
    id: user.id,
    node_id: userNodeId(user),
    avatar_url: `${view.sim.url}/avatars/u/${user.id}`,
    gravatar_id: '',
    url: api,
    html_url: `${view.sim.url}/${user.login}`,
    followers_url: `${api}/followers`,
    following_url: `${api}/following{/other_user}`,
    gists_url: `${api}/gists{/gist_id}`,
    starred_url: `${api}/starred{/owner}{/repo}`,
    subscriptions_url: `${api}/subscriptions`,
    organizations_url: `${api}/orgs`,
    repos_url: `${api}/repos`,
    events_url: `${api}/events{/privacy}`,
    received_events_url: `${api}/received_events`,
    type: user.type,
    user_view_type: 'public',
    site_admin: user.siteAdmin,
  };
}

/** The simple user of an id, `ghost` when the account is gone. */
export function userById(view: View, id: number): Json {
  return userJson(view, userOf(view.state, id));
}

/** As {@link userById}, null for nobody. */
export function maybeUser(view: View, id: number | null): Json | null {
  return id === null ? null : userById(view, id);
}

/** GitHub's "public user", as `GET /users/{username}` gives it. */
export function fullUserJson(view: View, user: User): Json {
  const owned = [...view.state.repositories.values()].filter(
    (one) => one.ownerId === user.id && !one.private,
  );
  return {
    ...userJson(view, user),
    name: user.name,
    company: null,
    blog: '',
    location: null,
    email: user.email,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: owned.length,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: user.createdAt,
    updated_at: user.createdAt,
  };
}

/** An organisation as lists and webhooks show it. */
export function organizationJson(view: View, user: User): Json {
  const api = `${view.sim.url}/orgs/${encodeURIComponent(user.login)}`;
  return {
    login: user.login,
    id: user.id,
    node_id: userNodeId(user),
    url: api,
    repos_url: `${api}/repos`,
    events_url: `${api}/events`,
    hooks_url: `${api}/hooks`,
    issues_url: `${api}/issues`,
    members_url: `${api}/members{/member}`,
    public_members_url: `${api}/public_members{/member}`,
    avatar_url: `${view.sim.url}/avatars/u/${user.id}`,
    description: null,
  };
}

/** `GET /orgs/{org}`. */
export function fullOrganizationJson(view: View, user: User): Json {
  const owned = [...view.state.repositories.values()].filter((one) => one.ownerId === user.id);
  return {
    ...organizationJson(view, user),
    name: user.name ?? user.login,
    has_organization_projects: false,
    has_repository_projects: false,
    public_repos: owned.length,
    public_gists: 0,
    followers: 0,
    following: 0,
    html_url: `${view.sim.url}/${user.login}`,
    created_at: user.createdAt,
    updated_at: user.createdAt,
    archived_at: null,
    type: 'Organization',
  };
}

/** A team as GitHub lists it. */
export function teamJson(view: View, team: Team): Json {
  const owner = userOf(view.state, team.organizationId);
  return {
    ...briefTeamJson(view, team),
    notification_setting: 'notifications_enabled',
    type: 'organization',
    organization_id: owner.id,
    parent: null,
  };
}

/** A team as webhooks carry it. */
export function briefTeamJson(view: View, team: Team): Json {
  const owner = userOf(view.state, team.organizationId);
  const api = `${view.sim.url}/organizations/${owner.id}/team/${team.id}`;
  return {
    id: team.id,
    node_id: nodeId('T', team.id),
    name: team.name,
    slug: team.slug,
    description: team.description,
    privacy: team.privacy,
    permission: 'pull',
    url: api,
    html_url: `${view.sim.url}/orgs/${owner.login}/teams/${team.slug}`,
    members_url: `${api}/members{/member}`,
    repositories_url: `${api}/repos`,
  };
}
