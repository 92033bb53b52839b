import { invalid, notFound } from '../errors.ts';
import {
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
import { route } from '../http/router.ts';
import { fullOrganizationJson, teamJson, userById } from '../json/user.ts';
import { minimalRepositoryJson } from '../json/repository.ts';
import { asPermission } from '../state/permissions.ts';
import { findRepository, nextId, userByLogin } from '../state/state.ts';
import type { Team } from '../state/types.ts';
import { account } from './account.ts';
import { organizationOf, ownedOrganization } from './organizations.ts';

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

export const teamRoutes = [
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
