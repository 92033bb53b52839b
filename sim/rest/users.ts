import { invalid, notFound } from '../errors.ts';
import {
  caller,
  created,
  DONE,
  needText,
  ok,
  paged,
  param,
  text,
  texts,
  type Call,
  type Reply,
} from '../http/call.ts';
import { rateOf } from '../http/limits.ts';
import { route } from '../http/router.ts';
import {
  fullOrganizationJson,
  fullUserJson,
  organizationJson,
  teamJson,
  userById,
} from '../json/user.ts';
import { minimalRepositoryJson } from '../json/repository.ts';
import { administers, asPermission } from '../state/permissions.ts';
import { findRepository, nextId, userByLogin } from '../state/state.ts';
import type { Team, User } from '../state/types.ts';
import { emit } from '../webhooks/emit.ts';

function account(call: Call, name: string): User {
  const user = userByLogin(call.state, param(call, name));
  if (!user) throw notFound();
  return user;
}

/** The organisation in the path. @throws Refused 404. */
export function organizationOf(call: Call): User {
  const user = account(call, 'org');
  if (user.type !== 'Organization') throw notFound();
  return user;
}

/** The organisation in the path, for its owners. @throws Refused 404 for everybody else. */
export function ownedOrganization(call: Call): User {
  const organization = organizationOf(call);
  if (!administers(call.state, organization.id, caller(call))) throw notFound();
  return organization;
}

function me(call: Call): Reply {
  const user = caller(call);
  const body = fullUserJson(call, user);
  return {
    status: 200,
    body,
    headers: { 'x-oauth-scopes': 'admin:org, admin:repo_hook, repo, workflow' },
  };
}

function rateLimit(call: Call): Reply {
  const rate = rateOf(call.sim, call.actor);
  return ok({ resources: { core: rate, search: rate, graphql: rate }, rate });
}

function listOrganizations(call: Call): Reply {
  const mine = caller(call).id;
  const found = [...call.state.members].filter(([, members]) => members.has(mine));
  return paged(
    call,
    found.flatMap(([id]) => {
      const organization = call.state.users.get(id);
      return organization ? [organizationJson(call, organization)] : [];
    }),
  );
}

function members(call: Call): Reply {
  const organization = organizationOf(call);
  const list = [...(call.state.members.get(organization.id)?.keys() ?? [])];
  return paged(
    call,
    list.map((id) => userById(call, id)),
  );
}

function isMember(call: Call): Reply {
  const organization = organizationOf(call);
  const user = account(call, 'username');
  if (!call.state.members.get(organization.id)?.has(user.id)) throw notFound();
  return DONE;
}

function membershipJson(call: Call, organization: User, user: User) {
  const role = call.state.members.get(organization.id)?.get(user.id) ?? 'member';
  const url = `${call.sim.url}/orgs/${organization.login}/memberships/${user.login}`;
  return {
    url,
    state: 'active',
    role,
    organization_url: `${call.sim.url}/orgs/${organization.login}`,
    organization: organizationJson(call, organization),
    user: userById(call, user.id),
  };
}

function getMembership(call: Call): Reply {
  const organization = organizationOf(call);
  const user = account(call, 'username');
  if (!call.state.members.get(organization.id)?.has(user.id)) throw notFound();
  return ok(membershipJson(call, organization, user));
}

function setMembership(call: Call): Reply {
  const organization = ownedOrganization(call);
  const user = account(call, 'username');
  const role = text(call, 'role') === 'admin' ? 'admin' : 'member';
  const members = call.state.members.get(organization.id) ?? new Map<number, 'admin' | 'member'>();
  members.set(user.id, role);
  call.state.members.set(organization.id, members);
  const membership = membershipJson(call, organization, user);
  emit(call.sim, {
    event: 'organization',
    action: 'member_added',
    accountId: organization.id,
    sender: caller(call),
    payload: { membership },
  });
  return ok(membership);
}

function removeMember(call: Call): Reply {
  const organization = ownedOrganization(call);
  call.state.members.get(organization.id)?.delete(account(call, 'username').id);
  return DONE;
}

function teamOf(call: Call): Team {
  const organization = organizationOf(call);
  for (const team of call.state.teams.values())
    if (team.organizationId === organization.id && team.slug === param(call, 'team_slug'))
      return team;
  throw notFound();
}

function listTeams(call: Call): Reply {
  const organization = organizationOf(call);
  const teams = [...call.state.teams.values()].filter(
    (one) => one.organizationId === organization.id,
  );
  return paged(
    call,
    teams.map((one) => teamJson(call, one)),
  );
}

function fullTeam(call: Call, team: Team) {
  const organization = call.state.users.get(team.organizationId);
  return {
    ...teamJson(call, team),
    members_count: team.members.size,
    repos_count: team.repositories.size,
    created_at: organization?.createdAt,
    updated_at: organization?.createdAt,
    organization: organization ? fullOrganizationJson(call, organization) : null,
  };
}

function createTeam(call: Call): Reply {
  const organization = ownedOrganization(call);
  const name = needText(call, 'name', 'Team');
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  for (const one of call.state.teams.values())
    if (one.organizationId === organization.id && one.slug === slug)
      throw invalid({ resource: 'Team', field: 'name', code: 'already_exists' });
  const team: Team = {
    id: nextId(call.state),
    organizationId: organization.id,
    name,
    slug,
    description: text(call, 'description') ?? null,
    privacy: text(call, 'privacy') === 'secret' ? 'secret' : 'closed',
    members: new Map(),
    repositories: new Map(),
  };
  for (const login of texts(call.body['maintainers']) ?? []) {
    const user = userByLogin(call.state, login);
    if (user) team.members.set(user.id, 'maintainer');
  }
  call.state.teams.set(team.id, team);
  return created(fullTeam(call, team));
}

function teamMember(call: Call): Reply {
  const team = teamOf(call);
  const user = account(call, 'username');
  const url = `${call.sim.url}/organizations/${team.organizationId}/team/${team.id}/memberships/${user.login}`;
  if (call.method === 'PUT') {
    ownedOrganization(call);
    team.members.set(user.id, text(call, 'role') === 'maintainer' ? 'maintainer' : 'member');
  }
  if (call.method === 'DELETE') {
    ownedOrganization(call);
    team.members.delete(user.id);
    return DONE;
  }
  const role = team.members.get(user.id);
  if (!role) throw notFound();
  return ok({ url, role, state: 'active' });
}

function teamRepository(call: Call): Reply {
  const team = teamOf(call);
  ownedOrganization(call);
  const found = findRepository(call.state, param(call, 'owner'), param(call, 'repo'));
  if (!found) throw notFound();
  if (call.method === 'DELETE') team.repositories.delete(found.repository.id);
  else
    team.repositories.set(
      found.repository.id,
      asPermission(text(call, 'permission') ?? 'push') ?? 'write',
    );
  return DONE;
}

function teamRepositories(call: Call): Reply {
  const ids = [...teamOf(call).repositories.keys()];
  return paged(
    call,
    ids.flatMap((id) => {
      const one = call.state.repositories.get(id);
      return one ? [minimalRepositoryJson(call, one)] : [];
    }),
  );
}

export const userRoutes = [
  route('GET', '/user', 'users/get-authenticated', me),
  route('GET', '/user/orgs', 'orgs/list-for-authenticated-user', listOrganizations),
  route('GET', '/user/emails', 'users/list-emails-for-authenticated-user', (call) => {
    const { email } = caller(call);
    return ok(
      email === null ? [] : [{ email, primary: true, verified: true, visibility: 'public' }],
    );
  }),
  route('GET', '/users/{username}', 'users/get-by-username', (call) =>
    ok(fullUserJson(call, account(call, 'username'))),
  ),
  route('GET', '/rate_limit', 'rate-limit/get', rateLimit),
  route('GET', '/orgs/{org}', 'orgs/get', (call) =>
    ok(fullOrganizationJson(call, organizationOf(call))),
  ),
  route('GET', '/orgs/{org}/members', 'orgs/list-members', members),
  route('GET', '/orgs/{org}/members/{username}', 'orgs/check-membership-for-user', isMember),
  route('DELETE', '/orgs/{org}/members/{username}', 'orgs/remove-member', removeMember),
  route('GET', '/orgs/{org}/memberships/{username}', 'orgs/get-membership-for-user', getMembership),
  route('PUT', '/orgs/{org}/memberships/{username}', 'orgs/set-membership-for-user', setMembership),
  route('GET', '/orgs/{org}/teams', 'teams/list', listTeams),
  route('POST', '/orgs/{org}/teams', 'teams/create', createTeam),
  route('GET', '/orgs/{org}/teams/{team_slug}', 'teams/get-by-name', (call) =>
    ok(fullTeam(call, teamOf(call))),
  ),
  route('DELETE', '/orgs/{org}/teams/{team_slug}', 'teams/delete-in-org', (call) => {
    ownedOrganization(call);
    call.state.teams.delete(teamOf(call).id);
    return DONE;
  }),
  route('GET', '/orgs/{org}/teams/{team_slug}/members', 'teams/list-members-in-org', (call) =>
    paged(
      call,
      [...teamOf(call).members.keys()].map((id) => userById(call, id)),
    ),
  ),
  ...['GET', 'PUT', 'DELETE'].map((method) =>
    route(
      method,
      '/orgs/{org}/teams/{team_slug}/memberships/{username}',
      `teams/${{ GET: 'get', PUT: 'add-or-update', DELETE: 'remove' }[method] ?? ''}-membership-for-user-in-org`,
      teamMember,
    ),
  ),
  route('GET', '/orgs/{org}/teams/{team_slug}/repos', 'teams/list-repos-in-org', teamRepositories),
  route(
    'PUT',
    '/orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}',
    'teams/add-or-update-repo-permissions-in-org',
    teamRepository,
  ),
  route(
    'DELETE',
    '/orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}',
    'teams/remove-repo-in-org',
    teamRepository,
  ),
];

/** Declared last: `/user/{account_id}` looks like `/user/repos`. */
export const userTailRoutes = [
  route('GET', '/user/{account_id}', 'users/get-by-id', (call) => {
    const user = call.state.users.get(Number(param(call, 'account_id')));
    if (!user) throw notFound();
    return ok(fullUserJson(call, user));
  }),
];
