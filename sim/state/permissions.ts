import { reaches } from './installed.ts';
import type { Permission, Repository, State, User } from './types.ts';

const ORDER: readonly Permission[] = ['none', 'read', 'triage', 'write', 'maintain', 'admin'];

/** Whether one permission includes another. */
export function includes(has: Permission, needs: Permission): boolean {
  return ORDER.indexOf(has) >= ORDER.indexOf(needs);
}

/** GitHub's old names (`pull`, `push`) and its new ones, as one of ours; null when it is neither. */
export function asPermission(word: string): Permission | null {
  if (word === 'pull') return 'read';
  if (word === 'push') return 'write';
  return ORDER.find((one) => one === word) ?? null;
}

/** What an account may do in a repository: the strongest of ownership, membership, teams and collaboration. */
export function permissionOf(state: State, repository: Repository, user: User | null): Permission {
  const open: Permission = repository.private ? 'none' : 'read';
  if (!user) return open;
  if (user.id === repository.ownerId || user.siteAdmin) return 'admin';
  const found: Permission[] = [open, repository.collaborators.get(user.id) ?? 'none'];
  const role = state.members.get(repository.ownerId)?.get(user.id);
  if (role) found.push(role === 'admin' ? 'admin' : 'read');
  for (const team of state.teams.values())
    if (team.members.has(user.id)) found.push(team.repositories.get(repository.id) ?? 'none');
  if (user.type === 'Bot') found.push(appPermission(state, repository, user));
  return found.reduce((best, one) => (includes(one, best) ? one : best));
}

function appPermission(state: State, repository: Repository, user: User): Permission {
  const app = [...state.apps.values()].find((one) => one.botId === user.id);
  if (!app) return 'none';
  const installed = [...state.installations.values()].some(
    (one) => one.appId === app.id && reaches(one, repository),
  );
  if (!installed) return 'none';
  if (app.permissions['administration'] === 'write') return 'admin';
  return app.permissions['contents'] === 'read' ? 'read' : 'write';
}

/** Whether the account owns the organisation (or is that account). */
export function administers(state: State, accountId: number, user: User | null): boolean {
  if (!user) return false;
  return (
    user.siteAdmin ||
    user.id === accountId ||
    state.members.get(accountId)?.get(user.id) === 'admin'
  );
}
