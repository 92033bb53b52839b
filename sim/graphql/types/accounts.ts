import { includes, permissionOf } from '../../state/permissions.ts';
import type { Context, Fields } from '../context.ts';
import { fields, sees } from '../context.ts';
import { connection } from '../connection.ts';
import {
  accountId,
  repositoryNode,
  userNodeOf,
  type AppNode,
  type TeamNode,
  type UserNode,
} from '../nodes.ts';
import { findRepository } from '../../state/state.ts';
import { nodeId } from '../../json/user.ts';

const actor = fields<UserNode>({
  id: ({ user }) => accountId(user),
  databaseId: ({ user }) => user.id,
  fullDatabaseId: ({ user }) => user.id,
  login: ({ user }) => user.login.replace(/\[bot\]$/, ''),
  name: ({ user }) => user.name,
  email: ({ user }) => user.email ?? '',
  url: ({ user }, _args, { sim }) => `${sim.url}/${user.login}`,
  resourcePath: ({ user }) => `/${user.login}`,
  avatarUrl: ({ user }, _args, { sim }) => `${sim.url}/avatars/u/${user.id}`,
  createdAt: ({ user }) => user.createdAt,
  updatedAt: ({ user }) => user.createdAt,
  repository: ({ user }, args, context) => {
    const found = findRepository(context.state, user.login, String(args['name']));
    return found && sees(context, found.repository) ? repositoryNode(found.repository) : null;
  },
  repositories: ({ user }, args, context) => {
    const list = [...context.state.repositories.values()].filter(
      (one) => one.ownerId === user.id && sees(context, one),
    );
    return connection(list, args, { name: 'repositories', make: repositoryNode });
  },
});

const user = {
  ...actor,
  ...fields<UserNode>({
    bio: () => null,
    company: () => null,
    isSiteAdmin: ({ user: one }) => one.siteAdmin,
    isViewer: ({ user: one }, _args, context) => one.id === context.user.id,
    organizations: ({ user: one }, args, context) => {
      const ids = [...context.state.members]
        .filter(([, members]) => members.has(one.id))
        .map(([id]) => id);
      return connection(ids, args, {
        name: 'organizations',
        make: (id) => userNodeOf(context, id),
      });
    },
  }),
};

const organization = {
  ...actor,
  ...fields<UserNode>({
    description: () => null,
    viewerCanAdminister: ({ user: one }, _args, context) =>
      context.state.members.get(one.id)?.get(context.user.id) === 'admin' || context.user.siteAdmin,
    viewerIsAMember: ({ user: one }, _args, context) =>
      context.state.members.get(one.id)?.has(context.user.id) === true,
    membersWithRole: ({ user: one }, args, context) => {
      const ids = [...(context.state.members.get(one.id)?.keys() ?? [])];
      return connection(ids, args, {
        name: 'membersWithRole',
        make: (id) => userNodeOf(context, id),
      });
    },
    teams: ({ user: one }, args, context) => {
      const list = [...context.state.teams.values()].filter(
        (team) => team.organizationId === one.id,
      );
      return connection(list, args, {
        name: 'teams',
        make: (team): TeamNode => ({ __typename: 'Team', team }),
      });
    },
  }),
};

const team = fields<TeamNode>({
  id: ({ team: one }) => nodeId('T', one.id),
  databaseId: ({ team: one }) => one.id,
  name: ({ team: one }) => one.name,
  slug: ({ team: one }) => one.slug,
  members: ({ team: one }, args, context) =>
    connection([...one.members.keys()], args, {
      name: 'members',
      make: (id) => userNodeOf(context, id),
    }),
});

const app = fields<AppNode>({
  id: ({ app: one }) => nodeId('A', one.id),
  databaseId: ({ app: one }) => one.id,
  name: ({ app: one }) => one.name,
  slug: ({ app: one }) => one.slug,
  logoUrl: ({ app: one }, _args, { sim }) => `${sim.url}/avatars/u/${one.botId}`,
});

export const accountTypes: Readonly<Record<string, Fields>> = {
  User: user,
  Bot: actor,
  Organization: organization,
  Team: team,
  App: app,
};

/** GitHub's word for what the caller may do in a repository. */
export function viewerPermission(
  context: Context,
  repository: Parameters<typeof permissionOf>[1],
): string | null {
  const has = permissionOf(context.state, repository, context.user);
  return includes(has, 'read') ? has.toUpperCase() : null;
}
