import { setDefaultBranch } from '../acts/default-branch.ts';
import { commitReadme } from '../acts/first-commit.ts';
import {
  createRepository,
  deleteRepository,
  forkRepository,
  renameRepository,
  type RepositorySettings,
} from '../acts/repositories.ts';
import { forbidden, invalid, Refused } from '../errors.ts';
import {
  caller,
  created,
  DONE,
  flag,
  needText,
  ok,
  paged,
  repositoryOf,
  text,
  type Call,
  type Reply,
} from '../http/call.ts';
import { route } from '../http/router.ts';
import {
  fullRepositoryJson,
  minimalRepositoryJson,
  permissionsJson,
  repositoryJson,
} from '../json/repository.ts';
import { teamJson } from '../json/user.ts';
import { includes, permissionOf } from '../state/permissions.ts';
import { branchHead, stamp, userByLogin } from '../state/state.ts';
import type { Repository, User } from '../state/types.ts';
import { emit } from '../webhooks/emit.ts';
import { organizationOf } from './organizations.ts';
import { account } from './account.ts';

const SETTINGS = [
  ['allow_merge_commit', 'allowMerge'],
  ['allow_squash_merge', 'allowSquash'],
  ['allow_rebase_merge', 'allowRebase'],
  ['allow_auto_merge', 'allowAutoMerge'],
  ['delete_branch_on_merge', 'deleteBranchOnMerge'],
  ['has_issues', 'hasIssues'],
  ['has_wiki', 'hasWiki'],
  ['archived', 'archived'],
  ['private', 'private'],
] as const;

/** The settings that a body gives. */
function settingsIn(call: Call): Partial<RepositorySettings> {
  const given = SETTINGS.map(([field, setting]) => [setting, flag(call, field)] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

async function make(call: Call, owner: User): Promise<Reply> {
  const by = caller(call);
  const repository = createRepository(call.sim, {
    name: needText(call, 'name', 'Repository'),
    owner,
    by,
    description: text(call, 'description'),
    private: text(call, 'visibility') === 'private',
    settings: settingsIn(call),
  });
  if (flag(call, 'auto_init') === true) await commitReadme(call.sim, repository, by);
  return created(fullRepositoryJson(call, repository, by));
}

function makeInOrganization(call: Call): Promise<Reply> {
  const user = caller(call);
  const organization = organizationOf(call);
  const member = call.state.members.get(organization.id)?.has(user.id) === true;
  if (!member && !user.siteAdmin)
    throw forbidden('You need admin access to the organization before adding a repository to it.');
  return make(call, organization);
}

function listOf(call: Call, keep: (one: Repository) => boolean): Reply {
  const visible = [...call.state.repositories.values()].filter(
    (one) => keep(one) && includes(permissionOf(call.state, one, call.actor.user), 'read'),
  );
  return paged(
    call,
    visible.map((one) => ({
      ...repositoryJson(call, one),
      permissions: permissionsJson(call, one, call.actor.user),
    })),
  );
}

function fork(call: Call): Reply {
  const parent = repositoryOf(call);
  const user = caller(call);
  const organization = text(call, 'organization');
  const owner = organization === undefined ? user : userByLogin(call.state, organization);
  if (!owner) throw invalid({ resource: 'Fork', field: 'organization', code: 'invalid' });
  if (parent.refs.size === 0)
    throw new Refused(
      403,
      'The repository exists, but it contains no Git content. Empty repositories cannot be forked.',
    );
  if (owner.id === parent.ownerId)
    return { status: 202, body: fullRepositoryJson(call, parent, user) };
  const made = forkRepository(call.sim, parent, {
    owner,
    by: user,
    name: text(call, 'name'),
    defaultBranchOnly: flag(call, 'default_branch_only'),
  });
  return { status: 202, body: fullRepositoryJson(call, made, user) };
}

function edit(call: Call): Reply {
  const repository = repositoryOf(call, 'admin');
  Object.assign(repository, settingsIn(call));
  const description = text(call, 'description');
  if (description !== undefined) repository.description = description;
  const branch = text(call, 'default_branch');
  if (branch !== undefined) {
    if (branchHead(repository, branch) === undefined)
      throw invalid({ resource: 'Repository', field: 'default_branch', code: 'invalid' });
    setDefaultBranch(call.sim, repository, branch);
  }
  const name = text(call, 'name');
  if (name !== undefined && name !== repository.name)
    renameRepository(call.sim, repository, { name, ownerId: repository.ownerId, by: caller(call) });
  else
    emit(call.sim, {
      event: 'repository',
      action: 'edited',
      repository,
      sender: caller(call),
      payload: { changes: {} },
    });
  repository.updatedAt = stamp();
  return ok(fullRepositoryJson(call, repository, caller(call)));
}

function transfer(call: Call): Reply {
  const repository = repositoryOf(call, 'admin');
  const owner = userByLogin(call.state, needText(call, 'new_owner'));
  if (!owner) throw invalid({ resource: 'Repository', field: 'new_owner', code: 'invalid' });
  renameRepository(call.sim, repository, {
    name: text(call, 'new_name') ?? repository.name,
    ownerId: owner.id,
    by: caller(call),
  });
  return { status: 202, body: minimalRepositoryJson(call, repository) };
}

export const repositoryRoutes = [
  route('GET', '/repos/{owner}/{repo}', 'repos/get', (call) =>
    ok(fullRepositoryJson(call, repositoryOf(call), call.actor.user)),
  ),
  route('PATCH', '/repos/{owner}/{repo}', 'repos/update', edit),
  route('DELETE', '/repos/{owner}/{repo}', 'repos/delete', (call) => {
    deleteRepository(call.sim, repositoryOf(call, 'admin'), caller(call));
    return DONE;
  }),
  route('POST', '/repos/{owner}/{repo}/transfer', 'repos/transfer', transfer),
  route('POST', '/user/repos', 'repos/create-for-authenticated-user', (call) =>
    make(call, caller(call)),
  ),
  route('POST', '/orgs/{org}/repos', 'repos/create-in-org', makeInOrganization),
  route('GET', '/orgs/{org}/repos', 'repos/list-for-org', (call) => {
    const { id } = organizationOf(call);
    return listOf(call, (one) => one.ownerId === id);
  }),
  route('GET', '/user/repos', 'repos/list-for-authenticated-user', (call) => {
    const user = caller(call);
    return listOf(
      call,
      (one) =>
        one.ownerId === user.id ||
        one.collaborators.has(user.id) ||
        call.state.members.get(one.ownerId)?.has(user.id) === true,
    );
  }),
  route('GET', '/users/{username}/repos', 'repos/list-for-user', (call) => {
    const { id } = account(call, 'username');
    return listOf(call, (one) => one.ownerId === id);
  }),
  route('GET', '/repos/{owner}/{repo}/forks', 'repos/list-forks', (call) => {
    const { id } = repositoryOf(call);
    return listOf(call, (one) => one.parentId === id);
  }),
  route('POST', '/repos/{owner}/{repo}/forks', 'repos/create-fork', fork),
  route('GET', '/repos/{owner}/{repo}/teams', 'repos/list-teams', (call) => {
    const { id } = repositoryOf(call, 'write');
    const teams = [...call.state.teams.values()].filter((one) => one.repositories.has(id));
    return paged(
      call,
      teams.map((one) => teamJson(call, one)),
    );
  }),
];
