import { cpSync, readFileSync, existsSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { createAccount } from '../acts/accounts.ts';
import { createRepository } from '../acts/repositories.ts';
import { Refused } from '../errors.ts';
import { git, gitOrThrow } from '../git/process.ts';
import { moveRef } from '../git/refs.ts';
import { writeHead } from '../git/skeleton.ts';
import type { Sim } from '../sim.ts';
import { userByLogin } from '../state/state.ts';
import type { Repository } from '../state/types.ts';

/**
 * Loads a git repository with its history, branches and tags under a name; the owner is made (an
 * organisation) when there is no such account.
 *
 * @throws Refused 422 when the folder is no git repository.
 */
export async function importRepository(
  sim: Sim,
  wanted: { dir: string; name: string },
): Promise<Repository> {
  const [login = '', name = ''] = wanted.name.split('/');
  const where = await git(join(wanted.dir), ['rev-parse', '--git-common-dir']);
  const folder = where.code === 0 ? wanted.dir : join(wanted.dir, '.git');
  if (!existsSync(join(folder, 'HEAD')) || login === '' || name === '')
    throw new Refused(422, `no git repository in ${wanted.dir}, or bad name ${wanted.name}`);
  const owner =
    userByLogin(sim.state, login) ?? createAccount(sim, { login, type: 'Organization' });
  const head = readFileSync(join(folder, 'HEAD'), 'utf8');
  const defaultBranch = /^ref: refs\/heads\/(.+)$/m.exec(head)?.[1] ?? 'master';
  const repository = createRepository(sim, { name, owner, by: owner, defaultBranch });
  writeHead(sim.gitDir(repository), defaultBranch);
  const common = where.code === 0 ? where.stdout.toString().trim() : folder;
  const root = isAbsolute(common) ? common : resolve(folder, common);
  const store = sim.store(repository.networkId);
  const objects = existsSync(join(root, 'objects')) ? root : folder;
  cpSync(join(objects, 'objects'), join(store.dir, 'objects'), { recursive: true, force: false });
  const listed = await gitOrThrow(folder, ['for-each-ref', '--format=%(objectname) %(refname)']);
  for (const line of listed.toString().split('\n')) {
    const [to = '', ref = ''] = line.split(' ');
    if (/^refs\/(heads|tags)\//.test(ref))
      moveRef(sim, repository, { ref, from: null, to, forced: false, actor: owner.login });
  }
  return repository;
}
