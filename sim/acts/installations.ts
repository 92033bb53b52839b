import { notFound } from '../errors.ts';
import { installationJson } from '../json/installation.ts';
import { nodeId, type Json } from '../json/user.ts';
import type { Sim } from '../sim.ts';
import { reaches } from '../state/installed.ts';
import { fullName, stamp, userOf } from '../state/state.ts';
import type { Installation, Repository, User } from '../state/types.ts';
import { emit } from '../webhooks/emit.ts';

/** The repositories an installation reaches. */
export function reachable(sim: Pick<Sim, 'state'>, installation: Installation): Repository[] {
  return [...sim.state.repositories.values()].filter((one) => reaches(installation, one));
}

/** Tells an App that it was installed, or is no longer. */
export function tellInstalled(
  sim: Sim,
  installation: Installation,
  action: 'created' | 'deleted' | 'suspend' | 'unsuspend',
): void {
  const repositories = reachable(sim, installation).map((one) => briefly(sim, one));
  tell(sim, installation, { event: 'installation', action, payload: { repositories } });
}

/** Suspends an installation, or lets it go on; to do so twice changes nothing. */
export function setSuspended(
  sim: Sim,
  installation: Installation,
  { suspends, by }: { suspends: boolean; by: number },
): void {
  if (suspends === (installation.suspended !== null)) return;
  installation.suspended = suspends ? { at: stamp(), byId: by } : null;
  tellInstalled(sim, installation, suspends ? 'suspend' : 'unsuspend');
}

/** Chooses one more repository for an installation; one that has all of them stays so. */
export function addRepository(
  sim: Sim,
  installation: Installation,
  { repository, by }: { repository: Repository; by: User },
): void {
  if (reaches(installation, repository)) return;
  if (installation.accountId !== null && installation.accountId !== repository.ownerId)
    throw notFound();
  installation.repositoryIds?.add(repository.id);
  tellChosen(sim, installation, { repository, action: 'added', by });
}

/** Takes a repository from an installation; one that had all of them has all others from now on. */
export function removeRepository(
  sim: Sim,
  installation: Installation,
  { repository, by }: { repository: Repository; by: User },
): void {
  if (!reaches(installation, repository)) throw notFound();
  installation.repositoryIds ??= new Set(reachable(sim, installation).map((one) => one.id));
  installation.repositoryIds.delete(repository.id);
  tellChosen(sim, installation, { repository, action: 'removed', by });
}

/** Tells the Apps installed there that a repository came or went. */
export function tellReached(
  sim: Sim,
  repository: Repository,
  { action, by }: { action: 'added' | 'removed'; by: User },
): void {
  for (const one of sim.state.installations.values())
    if (reaches(one, repository)) tellChosen(sim, one, { repository, action, by });
}

function tellChosen(
  sim: Sim,
  installation: Installation,
  what: { repository: Repository; action: 'added' | 'removed'; by: User },
): void {
  const { repository, action, by } = what;
  const list = [briefly(sim, repository)];
  const payload = {
    repository_selection: installation.repositoryIds === null ? 'all' : 'selected',
    repositories_added: action === 'added' ? list : [],
    repositories_removed: action === 'removed' ? list : [],
  };
  tell(sim, installation, { event: 'installation_repositories', action, payload, by });
}

function tell(
  sim: Sim,
  installation: Installation,
  what: { event: string; action: string; payload: Json; by?: User },
): void {
  const app = sim.state.apps.get(installation.appId);
  if (!app) return;
  const view = { sim, state: sim.state };
  emit(sim, {
    event: what.event,
    action: what.action,
    installationId: installation.id,
    sender: what.by ?? userOf(sim.state, app.ownerId),
    payload: {
      installation: installationJson(view, app, installation),
      requester: null,
      ...what.payload,
    },
  });
}

/** These events name repositories by five fields. */
function briefly(sim: Sim, repository: Repository): Json {
  return {
    id: repository.id,
    node_id: nodeId('R', repository.id),
    name: repository.name,
    full_name: fullName(sim.state, repository),
    private: repository.private,
  };
}
