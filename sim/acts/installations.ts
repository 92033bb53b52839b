import { installationJson } from '../json/installation.ts';
import { nodeId, type Json } from '../json/user.ts';
import type { Sim } from '../sim.ts';
import { fullName, userOf } from '../state/state.ts';
import type { Installation, Repository, User } from '../state/types.ts';
import { emit } from '../webhooks/emit.ts';

/** The repositories an installation reaches. */
export function reachable(sim: Pick<Sim, 'state'>, installation: Installation): Repository[] {
  return [...sim.state.repositories.values()].filter(
    (one) => installation.accountId === null || one.ownerId === installation.accountId,
  );
}

/** Tells an App that it was installed, or is no longer. */
export function tellInstalled(
  sim: Sim,
  installation: Installation,
  action: 'created' | 'deleted',
): void {
  const repositories = reachable(sim, installation).map((one) => briefly(sim, one));
  tell(sim, installation, { event: 'installation', action, payload: { repositories } });
}

/** Tells the Apps installed there that a repository came or went. */
export function tellReached(
  sim: Sim,
  repository: Repository,
  { action, by }: { action: 'added' | 'removed'; by: User },
): void {
  const list = [briefly(sim, repository)];
  const payload = {
    repository_selection: 'all',
    repositories_added: action === 'added' ? list : [],
    repositories_removed: action === 'removed' ? list : [],
  };
  for (const one of sim.state.installations.values())
    if (one.accountId === null || one.accountId === repository.ownerId)
      tell(sim, one, { event: 'installation_repositories', action, payload, by });
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
