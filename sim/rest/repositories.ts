import {
  createRepository,
  deleteRepository,
  forkRepository,
  renameRepository,
} from '../acts/repositories.ts';
import { forbidden, invalid, notFound, Refused } from '../errors.ts';
import { writeHead } from '../git/skeleton.ts';
import {
  caller,
  created,
  DONE,
  flag,
  needText,
  ok,
  paged,
  param,
  repositoryOf,
  text,
  type Call,
  type Reply,
} from '../http/call.ts';
import { route } from '../http/router.ts';
import {
  fullRepositoryJson,
  minimalRepositoryJson,
  permissionsJson,
  repositoryJson,
} from '../json/repository.ts';
import { teamJson, userById, userJson } from '../json/user.ts';
import { asPermission, includes, permissionOf } from '../state/permissions.ts';
import { branchHead, stamp, userByLogin } from '../state/state.ts';
import type { Repository, User } from '../state/types.ts';
import { emit } from '../webhooks/emit.ts';
import { organizationOf } from './users.ts';

function make(call: Call, owner: User): Reply {
  const repository = createRepository(call.sim, {
    name: needText(call, 'name', 'Repository'),
    owner,
    by: caller(call),
    description: text(call, 'description'),
    private: flag(call, 'private') ?? text(call, 'visibility') === 'private',
  });
  return created(fullRepositoryJson(call, repository, caller(call)));
}

function makeInOrganization(call: Call): Reply {
  const user = caller(call);
  const organization = organizationOf(call);
  const member = call.state.members.get(organization.id)?.has(user.id) === true;
  if (!member && !user.siteAdmin)
    throw forbidden('You need admin access to the organization before adding a repository to it.');
  return make(call, organization);
}

function listOf(call: Call, keep: (one: Repository) => boolean): Reply {
  const visible = [...call.state.repositories.values()].filter(
    (one) => keep(one) && includes(permissionOf(call.state, one, call.actor.user), 'read'),
  );
  return paged(
    call,
    visible.map((one) => ({
      ...repositoryJson(call, one),
      permissions: permissionsJson(call, one, call.actor.user),
    })),
  );
}

function fork(call: Call): Reply {
  const parent = repositoryOf(call);
  const user = caller(call);
  const organization = text(call, 'organization');
  const owner = organization === undefined ? user : userByLogin(call.state, organization);
  if (!owner) throw invalid({ resource: 'Fork', field: 'organization', code: 'invalid' });
  if (parent.refs.size === 0)
    throw new Refused(
      403,
      'The repository exists, but it contains no Git content. Empty repositories cannot be forked.',
    );
  if (owner.id === parent.ownerId)
    return { status: 202, body: fullRepositoryJson(call, parent, user) };
  const made = forkRepository(call.sim, parent, {
    owner,
    by: user,
    name: text(call, 'name'),
    defaultBranchOnly: flag(call, 'default_branch_only'),
  });
  return { status: 202, body: fullRepositoryJson(call, made, user) };
}

const SETTINGS = [
  ['allow_merge_commit', 'allowMerge'],
  ['allow_squash_merge', 'allowSquash'],
  ['allow_rebase_merge', 'allowRebase'],
  ['allow_auto_merge', 'allowAutoMerge'],
  ['delete_branch_on_merge', 'deleteBranchOnMerge'],
  ['has_issues', 'hasIssues'],
  ['archived', 'archived'],
  ['private', 'private'],
] as const;

function edit(call: Call): Reply {
  const repository = repositoryOf(call, 'admin');
  for (const [field, setting] of SETTINGS) {
    const value = flag(call, field);
    if (value !== undefined) repository[setting] = value;
  }
  const description = text(call, 'description');
  if (description !== undefined) repository.description = description;
  const branch = text(call, 'default_branch');
  if (branch !== undefined) {
    if (branchHead(repository, branch) === undefined)
      throw invalid({ resource: 'Repository', field: 'default_branch', code: 'invalid' });
    repository.defaultBranch = branch;
    writeHead(call.sim.gitDir(repository), branch);
  }
  const name = text(call, 'name');
  if (name !== undefined && name !== repository.name)
    renameRepository(call.sim, repository, { name, ownerId: repository.ownerId, by: caller(call) });
  else
    emit(call.sim, {
      event: 'repository',
      action: 'edited',
      repository,
      sender: caller(call),
      payload: { changes: {} },
    });
  repository.updatedAt = stamp();
  return ok(fullRepositoryJson(call, repository, caller(call)));
}

function transfer(call: Call): Reply {
  const repository = repositoryOf(call, 'admin');
  const owner = userByLogin(call.state, needText(call, 'new_owner'));
  if (!owner) throw invalid({ resource: 'Repository', field: 'new_owner', code: 'invalid' });
  renameRepository(call.sim, repository, {
    name: text(call, 'new_name') ?? repository.name,
    ownerId: owner.id,
    by: caller(call),
  });
  return { status: 202, body: minimalRepositoryJson(call, repository) };
}

const ROLE = {
  none: 'none',
  read: 'read',
  triage: 'triage',
  write: 'write',
  maintain: 'maintain',
  admin: 'admin',
} as const;

function collaboratorJson(call: Call, repository: Repository, user: User) {
  const role = permissionOf(call.state, repository, user);
  return {
    ...userJson(call, user),
    permissions: permissionsJson(call, repository, user),
    role_name: ROLE[role],
  };
}

function collaboratorIds(call: Call, repository: Repository): number[] {
  const owner = call.state.users.get(repository.ownerId);
  const own = owner?.type === 'User' ? [owner.id] : [];
  const members = [...(call.state.members.get(repository.ownerId)?.keys() ?? [])];
  return [...new Set([...own, ...members, ...repository.collaborators.keys()])];
}

function listCollaborators(call: Call): Reply {
  const repository = repositoryOf(call, 'write');
  const users = collaboratorIds(call, repository).flatMap((id) => call.state.users.get(id) ?? []);
  return paged(
    call,
    users.map((one) => collaboratorJson(call, repository, one)),
  );
}

function userInPath(call: Call): User {
  const user = userByLogin(call.state, param(call, 'username'));
  if (!user) throw notFound();
  return user;
}

function isCollaborator(call: Call): Reply {
  const repository = repositoryOf(call);
  if (!collaboratorIds(call, repository).includes(userInPath(call).id)) throw notFound();
  return DONE;
}

function addCollaborator(call: Call): Reply {
  const repository = repositoryOf(call, 'admin');
  const user = userInPath(call);
  const permission = asPermission(text(call, 'permission') ?? 'push');
  if (!permission || permission === 'none')
    throw invalid({ resource: 'Collaborator', field: 'permission', code: 'invalid' });
  const known = repository.collaborators.has(user.id);
  repository.collaborators.set(user.id, permission);
  if (!known) tellMember(call, repository, { user, action: 'added' });
  return DONE;
}

function removeCollaborator(call: Call): Reply {
  const repository = repositoryOf(call, 'admin');
  const user = userInPath(call);
  if (repository.collaborators.delete(user.id))
    tellMember(call, repository, { user, action: 'removed' });
  return DONE;
}

function tellMember(
  call: Call,
  repository: Repository,
  what: { user: User; action: string },
): void {
  const payload = {
    member: userJson(call, what.user),
    ...(what.action === 'added' ? { changes: { permission: { to: 'write' } } } : {}),
  };
  emit(call.sim, {
    event: 'member',
    action: what.action,
    repository,
    sender: caller(call),
    payload,
  });
}

const CLASSIC = {
  none: 'none',
  read: 'read',
  triage: 'read',
  write: 'write',
  maintain: 'write',
  admin: 'admin',
} as const;

function permission(call: Call): Reply {
  const repository = repositoryOf(call);
  caller(call);
  const user = userInPath(call);
  const has = permissionOf(call.state, repository, user);
  return ok({
    permission: CLASSIC[has],
    role_name: has,
    user: collaboratorJson(call, repository, user),
  });
}

function assignees(call: Call): Reply {
  const repository = repositoryOf(call);
  return paged(
    call,
    collaboratorIds(call, repository).map((id) => userById(call, id)),
  );
}

export const repositoryRoutes = [
  route('GET', '/repos/{owner}/{repo}', 'repos/get', (call) =>
    ok(fullRepositoryJson(call, repositoryOf(call), call.actor.user)),
  ),
  route('PATCH', '/repos/{owner}/{repo}', 'repos/update', edit),
  route('DELETE', '/repos/{owner}/{repo}', 'repos/delete', (call) => {
    deleteRepository(call.sim, repositoryOf(call, 'admin'), caller(call));
    return DONE;
  }),
  route('POST', '/repos/{owner}/{repo}/transfer', 'repos/transfer', transfer),
  route('POST', '/user/repos', 'repos/create-for-authenticated-user', (call) =>
    make(call, caller(call)),
  ),
  route('POST', '/orgs/{org}/repos', 'repos/create-in-org', makeInOrganization),
  route('GET', '/orgs/{org}/repos', 'repos/list-for-org', (call) => {
    const { id } = organizationOf(call);
    return listOf(call, (one) => one.ownerId === id);
  }),
  route('GET', '/user/repos', 'repos/list-for-authenticated-user', (call) => {
    const user = caller(call);
    return listOf(
      call,
      (one) =>
        one.ownerId === user.id ||
        one.collaborators.has(user.id) ||
        call.state.members.get(one.ownerId)?.has(user.id) === true,
    );
  }),
  route('GET', '/users/{username}/repos', 'repos/list-for-user', (call) => {
    const { id } = userInPath(call);
    return listOf(call, (one) => one.ownerId === id);
  }),
  route('GET', '/repos/{owner}/{repo}/forks', 'repos/list-forks', (call) => {
    const { id } = repositoryOf(call);
    return listOf(call, (one) => one.parentId === id);
  }),
  route('POST', '/repos/{owner}/{repo}/forks', 'repos/create-fork', fork),
  route(
    'GET',
    '/repos/{owner}/{repo}/collaborators',
    'repos/list-collaborators',
    listCollaborators,
  ),
  route(
    'GET',
    '/repos/{owner}/{repo}/collaborators/{username}',
    'repos/check-collaborator',
    isCollaborator,
  ),
  route(
    'PUT',
    '/repos/{owner}/{repo}/collaborators/{username}',
    'repos/add-collaborator',
    addCollaborator,
  ),
  route(
    'DELETE',
    '/repos/{owner}/{repo}/collaborators/{username}',
    'repos/remove-collaborator',
    removeCollaborator,
  ),
  route(
    'GET',
    '/repos/{owner}/{repo}/collaborators/{username}/permission',
    'repos/get-collaborator-permission-level',
    permission,
  ),
  route('GET', '/repos/{owner}/{repo}/assignees', 'issues/list-assignees', assignees),
  route('GET', '/repos/{owner}/{repo}/teams', 'repos/list-teams', (call) => {
    const { id } = repositoryOf(call, 'write');
    const teams = [...call.state.teams.values()].filter((one) => one.repositories.has(id));
    return paged(
      call,
      teams.map((one) => teamJson(call, one)),
    );
  }),
];
