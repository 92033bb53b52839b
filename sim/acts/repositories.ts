import { rmSync } from 'node:fs';
import { invalid } from '../errors.ts';
import { moveRef } from '../git/refs.ts';
import { writeHead, writeSkeleton } from '../git/skeleton.ts';
import type { Sim } from '../sim.ts';
import { findRepository, fullName, nextId, stamp, userOf } from '../state/state.ts';
import type { Label, Repository, User } from '../state/types.ts';
import { repositoryJson } from '../json/repository.ts';
import { without } from '../json/without.ts';
import { emit } from '../webhooks/emit.ts';
import { tellReached } from './installations.ts';
import { join } from 'node:path';

/** What a new repository is made of. */
export interface NewRepository {
  readonly name: string;
  readonly owner: User;
  readonly by: User;
  readonly description?: string | undefined;
  readonly private?: boolean | undefined;
  readonly parent?: Repository | undefined;
  readonly defaultBranch?: string | undefined;
  readonly settings?: Partial<RepositorySettings>;
}

/** What an administrator may switch. */
export type RepositorySettings = Pick<
  Repository,
  | 'allowMerge'
  | 'allowSquash'
  | 'allowRebase'
  | 'allowAutoMerge'
  | 'deleteBranchOnMerge'
  | 'hasIssues'
  | 'hasWiki'
  | 'archived'
  | 'private'
>;

/**
 * Makes an empty repository; a fork shares the objects of its parent.
 *
 * @throws Refused 422 when the name is taken or no name.
 */
export function createRepository(sim: Sim, wanted: NewRepository): Repository {
  const { state } = sim;
  const name = wanted.name.replace(/\.git$/, '').replace(/[^\w.-]/g, '-');
  const taken = findRepository(state, wanted.owner.login, name);
  if (name === '' || name === '.' || name === '..' || (taken && !taken.moved))
    throw invalid({
      resource: 'Repository',
      field: 'name',
      code: 'custom',
      message: 'name already exists on this account',
    });
  const id = nextId(state);
  const repository = blankRepository(id, { ...wanted, name });
  state.repositories.set(id, repository);
  state.names.set(`${wanted.owner.login}/${name}`.toLowerCase(), id);
  const store = sim.store(repository.networkId);
  writeSkeleton(sim.gitDir(repository), join(store.dir, 'objects'));
  writeHead(sim.gitDir(repository), repository.defaultBranch);
  emit(sim, { event: 'repository', action: 'created', repository, sender: wanted.by, payload: {} });
  tellReached(sim, repository, { action: 'added', by: wanted.by });
  return repository;
}

function blankRepository(id: number, wanted: NewRepository): Repository {
  const now = stamp();
  return {
    id,
    ownerId: wanted.owner.id,
    name: wanted.name,
    description: wanted.description ?? null,
    private: wanted.private ?? false,
    defaultBranch: wanted.defaultBranch ?? wanted.parent?.defaultBranch ?? 'master',
    archived: false,
    hasIssues: wanted.parent === undefined,
    hasWiki: false,
    allowMerge: true,
    allowSquash: true,
    allowRebase: true,
    allowAutoMerge: true,
    deleteBranchOnMerge: false,
    networkId: wanted.parent?.networkId ?? id,
    parentId: wanted.parent?.id ?? null,
    createdAt: now,
    updatedAt: now,
    pushedAt: now,
    collaborators: new Map(),
    refs: new Map(),
    labels: new Map(),
    milestones: new Map(),
    issues: new Map(),
    nextNumber: 1,
    statuses: new Map(),
    checkRuns: new Map(),
    checkRunsBySha: new Map(),
    checkSuites: new Map(),
    deployments: new Map(),
    protections: new Map(),
    rulesets: new Map(),
    openPulls: new Set(),
    ...wanted.settings,
  };
}

/** Forks a repository with its branches and tags; a fork that is there already is the answer. */
export function forkRepository(
  sim: Sim,
  parent: Repository,
  wish: {
    owner: User;
    by: User;
    name?: string | undefined;
    defaultBranchOnly?: boolean | undefined;
  },
): Repository {
  for (const one of sim.state.repositories.values())
    if (one.parentId === parent.id && one.ownerId === wish.owner.id) return one;
  const fork = createRepository(sim, {
    name: wish.name ?? parent.name,
    owner: wish.owner,
    by: wish.by,
    private: parent.private,
    parent,
  });
  const only = wish.defaultBranchOnly ? `refs/heads/${parent.defaultBranch}` : null;
  for (const [ref, to] of parent.refs) {
    if (!/^refs\/(heads|tags)\//.test(ref) || (only !== null && ref !== only)) continue;
    moveRef(sim, fork, { ref, from: null, to, forced: false, actor: wish.by.login });
  }
  const forkee = without(repositoryJson({ sim, state: sim.state }, fork), 'has_discussions');
  emit(sim, { event: 'fork', repository: parent, sender: wish.by, payload: { forkee } });
  return fork;
}

/** Deletes a repository. Pull requests from it stay open without a head repository, as at GitHub. */
export function deleteRepository(sim: Sim, repository: Repository, by: User): void {
  const { state } = sim;
  emit(sim, { event: 'repository', action: 'deleted', repository, sender: by, payload: {} });
  tellReached(sim, repository, { action: 'removed', by });
  for (const other of state.repositories.values()) {
    if (other.parentId === repository.id) other.parentId = null;
    for (const number of other.openPulls) {
      const pull = other.issues.get(number)?.pull;
      if (pull?.headRepositoryId === repository.id) pull.headRepositoryId = null;
    }
  }
  for (const [name, id] of state.names) if (id === repository.id) state.names.delete(name);
  for (const [id, hook] of state.hooks)
    if (hook.owner.kind === 'repository' && hook.owner.id === repository.id) state.hooks.delete(id);
  state.repositories.delete(repository.id);
  rmSync(sim.gitDir(repository), { recursive: true, force: true });
}

/** Gives a repository another name or owner; the old name leads to it until somebody takes it. */
export function renameRepository(
  sim: Sim,
  repository: Repository,
  to: { name: string; ownerId: number; by: User },
): void {
  const from = repository.name;
  const wanted = `${userOf(sim.state, to.ownerId).login}/${to.name}`.toLowerCase();
  const holder = sim.state.names.get(wanted);
  const other = holder === undefined ? undefined : sim.state.repositories.get(holder);
  if (other && other !== repository && fullName(sim.state, other).toLowerCase() === wanted)
    throw invalid({ resource: 'Repository', field: 'name', code: 'already_exists' });
  const transferred = to.ownerId !== repository.ownerId;
  const oldOwner = userOf(sim.state, repository.ownerId);
  repository.name = to.name;
  repository.ownerId = to.ownerId;
  sim.state.names.set(wanted, repository.id);
  const payload = transferred
    ? { changes: { owner: { from: { user: { login: oldOwner.login, id: oldOwner.id } } } } }
    : { changes: { repository: { name: { from } } } };
  const action = transferred ? 'transferred' : 'renamed';
  emit(sim, { event: 'repository', action, repository, sender: to.by, payload });
}

/** The label of a name, whatever its case. */
export function labelByName(repository: Repository, name: string): Label | undefined {
  const wanted = name.toLowerCase();
  for (const label of repository.labels.values())
    if (label.name.toLowerCase() === wanted) return label;
  return undefined;
}

/**
 * Makes a label.
 *
 * @throws Refused 422 when the name is taken, empty or longer than GitHub's 50 characters.
 */
export function createLabel(
  sim: Sim,
  repository: Repository,
  wanted: { name: string; color?: string | undefined; description?: string | null },
): Label {
  const problem = { resource: 'Label', field: 'name' };
  if (labelByName(repository, wanted.name)) throw invalid({ ...problem, code: 'already_exists' });
  if (wanted.name.trim() === '') throw invalid({ ...problem, code: 'missing_field' });
  if (Array.from(wanted.name).length > 50)
    throw invalid({
      ...problem,
      code: 'custom',
      message: 'name is too long (maximum is 50 characters)',
    });
  const label: Label = {
    id: nextId(sim.state),
    name: wanted.name,
    color: (wanted.color ?? 'ededed').replace(/^#/, '').toLowerCase(),
    description: wanted.description ?? null,
  };
  repository.labels.set(label.id, label);
  return label;
}
