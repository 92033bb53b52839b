import { minimalInstallation } from '../json/installation.ts';
import { repositoryJson } from '../json/repository.ts';
import { organizationJson, userJson, type Json } from '../json/user.ts';
import type { Sim } from '../sim.ts';
import { reaches } from '../state/installed.ts';
import { fullName, userOf } from '../state/state.ts';
import type { Hook, Installation, Repository, User } from '../state/types.ts';

/** Something to tell those who listen. */
export interface Event {
  readonly event: string;
  readonly action?: string;
  readonly repository?: Repository;
  /** The organisation, for events of no repository. */
  readonly accountId?: number;
  /** The only installation to tell, for events about one. */
  readonly installationId?: number;
  readonly sender: User;
  readonly payload: Json;
}

/** Sends an event to the hooks of the repository, of its organisation and of installed Apps. */
export function emit(sim: Sim, what: Event): void {
  const accountId = what.repository?.ownerId ?? what.accountId ?? null;
  for (const { hook, installation } of listeners(sim, what, accountId))
    sim.deliverer.enqueue(hook, {
      event: what.event,
      action: what.action ?? null,
      repository: what.repository ? fullName(sim.state, what.repository) : null,
      repositoryId: what.repository?.id ?? null,
      installationId: installation?.id ?? null,
      payload: payloadOf(sim, what, { accountId, installation }),
    });
}

/** Whether anybody listens to an event of a repository, before its payload is built. */
export function isHeard(sim: Sim, event: string, repository: Repository): boolean {
  const what = { event, repository, sender: userOf(sim.state, 0), payload: {} };
  return listeners(sim, what, repository.ownerId).length > 0;
}

interface Listener {
  readonly hook: Hook;
  readonly installation: Installation | null;
}

function listeners(sim: Sim, what: Event, accountId: number | null): Listener[] {
  const found: Listener[] = [];
  for (const hook of sim.state.hooks.values()) {
    if (!hook.active) continue;
    if (hook.owner.kind === 'app') found.push(...appListeners(sim, hook, { what, accountId }));
    else if (listens(hook, what.event) && hook.owner.id === placeOf(hook, what, accountId))
      found.push({ hook, installation: null });
  }
  return found;
}

function placeOf(hook: Hook, what: Event, accountId: number | null): number | null {
  return hook.owner.kind === 'repository' ? (what.repository?.id ?? null) : accountId;
}

function listens(hook: Hook, event: string): boolean {
  return hook.events.includes('*') || hook.events.includes(event);
}

/** Apps hear of their installation without having asked. */
function appListeners(
  sim: Sim,
  hook: Hook,
  { what, accountId }: { what: Event; accountId: number | null },
): Listener[] {
  const unasked = what.event === 'installation' || what.event === 'installation_repositories';
  if (!unasked && !listens(hook, what.event)) return [];
  return [...sim.state.installations.values()]
    .filter((one) => one.appId === hook.owner.id)
    .filter((one) => what.installationId === undefined || one.id === what.installationId)
    .filter((one) => what.event === 'installation' || one.suspended === null)
    .filter((one) => what.installationId !== undefined || concerns(one, what, accountId))
    .map((installation) => ({ hook, installation }));
}

/** Apps hear of the repositories they are installed on, and of their account. */
function concerns(one: Installation, { repository }: Event, accountId: number | null): boolean {
  if (repository) return reaches(one, repository);
  return one.accountId === null || one.accountId === accountId;
}

function payloadOf(
  sim: Sim,
  what: Event,
  more: { accountId: number | null; installation: Installation | null },
): Json {
  const view = { sim, state: sim.state };
  const owner = more.accountId === null ? undefined : sim.state.users.get(more.accountId);
  return {
    ...(what.action === undefined ? {} : { action: what.action }),
    ...what.payload,
    ...(what.repository && !('repository' in what.payload)
      ? { repository: repositoryJson(view, what.repository) }
      : {}),
    ...(owner?.type === 'Organization' ? { organization: organizationJson(view, owner) } : {}),
    sender: userJson(view, what.sender),
    ...(more.installation && !('installation' in what.payload)
      ? { installation: minimalInstallation(more.installation) }
      : {}),
  };
}
