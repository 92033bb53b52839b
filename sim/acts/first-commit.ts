import type { Sim } from '../sim.ts';
import type { Repository, User } from '../state/types.ts';
import { identityOf } from './merge.ts';
import { push } from './push.ts';

/** Begins an empty repository with a commit that has a README.md, as `auto_init` asks for. */
export async function commitReadme(sim: Sim, repository: Repository, by: User): Promise<void> {
  const store = sim.store(repository.networkId);
  const text = [`# ${repository.name}`, repository.description].filter((one) => one !== null);
  const sha = store.write('blob', Buffer.from(`${text.join('\n')}\n`));
  const who = identityOf(by);
  const to = store.writeCommit({
    tree: store.writeTree([{ mode: '100644', path: 'README.md', sha }]),
    parents: [],
    author: who,
    committer: who,
    message: 'Initial commit',
  });
  const ref = `refs/heads/${repository.defaultBranch}`;
  await sim.locked(repository.networkId, () =>
    push(sim, repository, { updates: [{ ref, from: null, to, forced: false }], by }),
  );
}
