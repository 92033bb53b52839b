import { invalid, notFound } from '../errors.ts';
import {
  caller,
  DONE,
  ok,
  paged,
  repositoryOf,
  text,
  type Call,
  type Reply,
} from '../http/call.ts';
import { route } from '../http/router.ts';
import { permissionsJson } from '../json/repository.ts';
import { userById, userJson } from '../json/user.ts';
import { asPermission, permissionOf } from '../state/permissions.ts';
import type { Repository, User } from '../state/types.ts';
import { emit } from '../webhooks/emit.ts';
import { account } from './account.ts';

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

function isCollaborator(call: Call): Reply {
  const repository = repositoryOf(call);
  if (!collaboratorIds(call, repository).includes(account(call, 'username').id)) throw notFound();
  return DONE;
}

function addCollaborator(call: Call): Reply {
  const repository = repositoryOf(call, 'admin');
  const user = account(call, 'username');
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
  const user = account(call, 'username');
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
  const user = account(call, 'username');
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

export const collaboratorRoutes = [
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
];
