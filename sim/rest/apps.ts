import { randomBytes } from 'node:crypto';
import { reachable, setSuspended, tellInstalled } from '../acts/installations.ts';
import { forbidden, notFound, Refused, SUSPENDED, unauthenticated } from '../errors.ts';
import {
  created,
  DONE,
  numberParam,
  ok,
  paged,
  param,
  texts,
  type Call,
  type Reply,
} from '../http/call.ts';
import { route } from '../http/router.ts';
import { appJson } from '../json/checks.ts';
import { installationJson } from '../json/installation.ts';
import { repositoryJson } from '../json/repository.ts';
import { reaches } from '../state/installed.ts';
import { findRepository, userByLogin } from '../state/state.ts';
import type { App, Hook, Installation, Repository } from '../state/types.ts';
import { deliveryRoutes } from './deliveries.ts';

/** The App whose JWT the call carries. */
function appOf(call: Call): App {
  if (!call.actor.app) throw unauthenticated('A JSON web token could not be decoded');
  return call.actor.app;
}

function installationsOf(call: Call, app: App): Installation[] {
  return [...call.state.installations.values()].filter((one) => one.appId === app.id);
}

function installationIn(call: Call): { app: App; installation: Installation } {
  const app = appOf(call);
  const installation = call.state.installations.get(numberParam(call, 'installation_id'));
  if (installation?.appId !== app.id) throw notFound();
  return { app, installation };
}

function installationFor(call: Call, fits: (one: Installation) => boolean): Reply {
  const app = appOf(call);
  const found = installationsOf(call, app).find(fits);
  if (!found) throw notFound();
  return ok(installationJson(call, app, found));
}

const HOUR_MS = 3_600_000;

/** The repositories a new token is to be for; null: all the installation reaches. @throws Refused 422 for others. */
function chosenFor(call: Call, installation: Installation): Repository[] | null {
  const names = texts(call.body['repositories']);
  const ids = call.body['repository_ids'];
  if (!names && !Array.isArray(ids)) return null;
  const all = reachable(call, installation);
  const wanted: unknown[] = [...(names ?? []), ...(Array.isArray(ids) ? (ids as unknown[]) : [])];
  return wanted.map((one) => {
    const found = all.find((each) => each.name === one || each.id === one);
    if (found) return found;
    const message =
      'There is at least one repository that does not exist or is not accessible to the parent installation.';
    throw new Refused(422, message);
  });
}

function createToken(call: Call): Reply {
  const { app, installation } = installationIn(call);
  if (installation.suspended) throw forbidden(SUSPENDED);
  const value = `ghs_${randomBytes(18).toString('hex')}`;
  const expiresAt = Date.now() + HOUR_MS;
  const chosen = chosenFor(call, installation);
  call.state.tokens.set(value, {
    value,
    userId: app.botId,
    installationId: installation.id,
    repositoryIds: chosen?.map((one) => one.id) ?? null,
    expiresAt,
  });
  return created({
    token: value,
    expires_at: new Date(expiresAt).toISOString().replace(/\.\d+Z/, 'Z'),
    permissions: app.permissions,
    repository_selection: chosen || installation.repositoryIds ? 'selected' : 'all',
    ...(chosen ? { repositories: chosen.map((one) => repositoryJson(call, one)) } : {}),
  });
}

function repositories(call: Call): Reply {
  const installation = call.state.installations.get(call.actor.token?.installationId ?? 0);
  if (!installation) throw unauthenticated();
  const only = call.actor.token?.repositoryIds ?? null;
  const list = reachable(call, installation).filter((one) => only?.includes(one.id) ?? true);
  return paged(
    call,
    list.map((one) => repositoryJson(call, one)),
    (page) => ({
      total_count: list.length,
      repositories: page,
      repository_selection: only || installation.repositoryIds ? 'selected' : 'all',
    }),
  );
}

function appHook(call: Call): Hook {
  const hook = call.state.hooks.get(appOf(call).hookId ?? 0);
  if (!hook) throw notFound();
  return hook;
}

function hookConfig(call: Call): Reply {
  const hook = appHook(call);
  if (call.method === 'PATCH') {
    const { url, secret } = call.body;
    if (typeof url === 'string') hook.url = url;
    if (typeof secret === 'string') hook.secret = secret;
  }
  return ok({
    content_type: hook.contentType,
    insecure_ssl: hook.insecureSsl,
    ...(hook.secret === null ? {} : { secret: '********' }),
    url: hook.url,
  });
}

export const appRoutes = [
  route('GET', '/app', 'apps/get-authenticated', (call) => {
    const app = appOf(call);
    return ok({ ...appJson(call, app), installations_count: installationsOf(call, app).length });
  }),
  route('GET', '/apps/{app_slug}', 'apps/get-by-slug', (call) => {
    const app = [...call.state.apps.values()].find((one) => one.slug === param(call, 'app_slug'));
    if (!app) throw notFound();
    return ok(appJson(call, app));
  }),
  route('GET', '/app/installations', 'apps/list-installations', (call) => {
    const app = appOf(call);
    return paged(
      call,
      installationsOf(call, app).map((one) => installationJson(call, app, one)),
    );
  }),
  route('GET', '/app/installations/{installation_id}', 'apps/get-installation', (call) => {
    const { app, installation } = installationIn(call);
    return ok(installationJson(call, app, installation));
  }),
  route('DELETE', '/app/installations/{installation_id}', 'apps/delete-installation', (call) => {
    const { installation } = installationIn(call);
    tellInstalled(call.sim, installation, 'deleted');
    call.state.installations.delete(installation.id);
    return DONE;
  }),
  ...(['PUT', 'DELETE'] as const).map((method) =>
    route(
      method,
      '/app/installations/{installation_id}/suspended',
      method === 'PUT' ? 'apps/suspend-installation' : 'apps/unsuspend-installation',
      (call) => {
        const { app, installation } = installationIn(call);
        setSuspended(call.sim, installation, { suspends: method === 'PUT', by: app.botId });
        return DONE;
      },
    ),
  ),
  route(
    'POST',
    '/app/installations/{installation_id}/access_tokens',
    'apps/create-installation-access-token',
    createToken,
  ),
  route('GET', '/repos/{owner}/{repo}/installation', 'apps/get-repo-installation', (call) => {
    const found = findRepository(call.state, param(call, 'owner'), param(call, 'repo'));
    if (!found) throw notFound();
    return installationFor(call, (one) => reaches(one, found.repository));
  }),
  ...(['orgs/{account}', 'users/{account}'] as const).map((at) =>
    route(
      'GET',
      `/${at}/installation`,
      at.startsWith('orgs') ? 'apps/get-org-installation' : 'apps/get-user-installation',
      (call) => {
        const account = userByLogin(call.state, param(call, 'account'));
        if (!account) throw notFound();
        return installationFor(
          call,
          ({ accountId }) => accountId === null || accountId === account.id,
        );
      },
    ),
  ),
  route(
    'GET',
    '/installation/repositories',
    'apps/list-repos-accessible-to-installation',
    repositories,
  ),
  route('DELETE', '/installation/token', 'apps/revoke-installation-access-token', (call) => {
    if (call.actor.token) call.state.tokens.delete(call.actor.token.value);
    return DONE;
  }),
  route('GET', '/app/hook/config', 'apps/get-webhook-config-for-app', hookConfig),
  route('PATCH', '/app/hook/config', 'apps/update-webhook-config-for-app', hookConfig),
  ...deliveryRoutes('/app/hook/deliveries', 'apps', appHook),
];
