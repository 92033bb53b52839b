import { addRepository, reachable, removeRepository } from '../acts/installations.ts';
import { notFound } from '../errors.ts';
import { caller, DONE, numberParam, paged, type Call, type Reply } from '../http/call.ts';
import { route } from '../http/router.ts';
import { installationJson } from '../json/installation.ts';
import { repositoryJson } from '../json/repository.ts';
import { administers } from '../state/permissions.ts';
import type { Installation, Repository } from '../state/types.ts';

/** Installations the caller may choose repositories for: those of accounts he owns. */
function installations(call: Call): Installation[] {
  const user = caller(call);
  return [...call.state.installations.values()].filter(({ accountId }) =>
    accountId === null ? user.siteAdmin : administers(call.state, accountId, user),
  );
}

function installationIn(call: Call): Installation {
  const id = numberParam(call, 'installation_id');
  const found = installations(call).find((one) => one.id === id);
  if (!found) throw notFound();
  return found;
}

function chosenIn(call: Call): Repository {
  const repository = call.state.repositories.get(numberParam(call, 'repository_id'));
  if (!repository) throw notFound();
  return repository;
}

function list(call: Call): Reply {
  const all = installations(call).flatMap((one) => {
    const app = call.state.apps.get(one.appId);
    return app ? [installationJson(call, app, one)] : [];
  });
  return paged(call, all, (page) => ({ total_count: all.length, installations: page }));
}

function listRepositories(call: Call): Reply {
  const all = reachable(call, installationIn(call));
  const shown = all.map((one) => repositoryJson(call, one));
  return paged(call, shown, (page) => ({ total_count: all.length, repositories: page }));
}

const AT = '/user/installations';
const ONE = `${AT}/{installation_id}/repositories/{repository_id}`;

/** Which repositories an App is installed on, as the owner of the account chooses. */
export const installationRoutes = [
  route('GET', AT, 'apps/list-installations-for-authenticated-user', list),
  route(
    'GET',
    `${AT}/{installation_id}/repositories`,
    'apps/list-installation-repos-for-authenticated-user',
    listRepositories,
  ),
  route('PUT', ONE, 'apps/add-repo-to-installation-for-authenticated-user', (call) => {
    addRepository(call.sim, installationIn(call), { repository: chosenIn(call), by: caller(call) });
    return DONE;
  }),
  route('DELETE', ONE, 'apps/remove-repo-from-installation-for-authenticated-user', (call) => {
    const what = { repository: chosenIn(call), by: caller(call) };
    removeRepository(call.sim, installationIn(call), what);
    return DONE;
  }),
];
