import { notFound } from '../errors.ts';
import { caller, ok, paged, param, type Call, type Reply } from '../http/call.ts';
import { rateOf } from '../http/limits.ts';
import { route } from '../http/router.ts';
import { fullUserJson, organizationJson } from '../json/user.ts';
import { account } from './account.ts';

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
];

/** Declared last: `/user/{account_id}` looks like `/user/repos`. */
export const userTailRoutes = [
  route('GET', '/user/{account_id}', 'users/get-by-id', (call) => {
    const user = call.state.users.get(Number(param(call, 'account_id')));
    if (!user) throw notFound();
    return ok(fullUserJson(call, user));
  }),
];
