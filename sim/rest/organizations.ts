import { notFound } from '../errors.ts';
import { caller, DONE, ok, paged, text, type Call, type Reply } from '../http/call.ts';
import { route } from '../http/router.ts';
import { fullOrganizationJson, organizationJson, userById } from '../json/user.ts';
import { administers } from '../state/permissions.ts';
import type { User } from '../state/types.ts';
import { emit } from '../webhooks/emit.ts';
import { account } from './account.ts';

/** The organisation in the path. @throws Refused 404. */
export function organizationOf(call: Call): User {
  const user = account(call, 'org');
  if (user.type !== 'Organization') throw notFound();
  return user;
}

/** The organisation in the path, for its owners. @throws Refused 404 for everybody else. */
export function ownedOrganization(call: Call): User {
  const organization = organizationOf(call);
  if (!administers(call.state, organization.id, caller(call))) throw notFound();
  return organization;
}

function members(call: Call): Reply {
  const organization = organizationOf(call);
  const list = [...(call.state.members.get(organization.id)?.keys() ?? [])];
  return paged(
    call,
    list.map((id) => userById(call, id)),
  );
}

function isMember(call: Call): Reply {
  const organization = organizationOf(call);
  const user = account(call, 'username');
  if (!call.state.members.get(organization.id)?.has(user.id)) throw notFound();
  return DONE;
}

function membershipJson(call: Call, organization: User, user: User) {
  const role = call.state.members.get(organization.id)?.get(user.id) ?? 'member';
  const url = `${call.sim.url}/orgs/${organization.login}/memberships/${user.login}`;
  return {
    url,
    state: 'active',
    role,
    organization_url: `${call.sim.url}/orgs/${organization.login}`,
    organization: organizationJson(call, organization),
    user: userById(call, user.id),
  };
}

function getMembership(call: Call): Reply {
  const organization = organizationOf(call);
  const user = account(call, 'username');
  if (!call.state.members.get(organization.id)?.has(user.id)) throw notFound();
  return ok(membershipJson(call, organization, user));
}

function setMembership(call: Call): Reply {
  const organization = ownedOrganization(call);
  const user = account(call, 'username');
  const role = text(call, 'role') === 'admin' ? 'admin' : 'member';
  const members = call.state.members.get(organization.id) ?? new Map<number, 'admin' | 'member'>();
  members.set(user.id, role);
  call.state.members.set(organization.id, members);
  const membership = membershipJson(call, organization, user);
  emit(call.sim, {
    event: 'organization',
    action: 'member_added',
    accountId: organization.id,
    sender: caller(call),
    payload: { membership },
  });
  return ok(membership);
}

function removeMember(call: Call): Reply {
  const organization = ownedOrganization(call);
  call.state.members.get(organization.id)?.delete(account(call, 'username').id);
  return DONE;
}

export const organizationRoutes = [
  route('GET', '/orgs/{org}', 'orgs/get', (call) =>
    ok(fullOrganizationJson(call, organizationOf(call))),
  ),
  route('GET', '/orgs/{org}/members', 'orgs/list-members', members),
  route('GET', '/orgs/{org}/members/{username}', 'orgs/check-membership-for-user', isMember),
  route('DELETE', '/orgs/{org}/members/{username}', 'orgs/remove-member', removeMember),
  route('GET', '/orgs/{org}/memberships/{username}', 'orgs/get-membership-for-user', getMembership),
  route('PUT', '/orgs/{org}/memberships/{username}', 'orgs/set-membership-for-user', setMembership),
];
