import type { Sha } from '../../../src/lib/ids.ts';
import { Person } from '../../../src/models/person.ts';
import { PullRequest } from '../../../src/models/pull-request.ts';
import type { PortWorld } from './port-types.ts';

/** Lands the commits as copies with another message, the way rebase-ff does. */
export async function landCopies(
  world: PortWorld,
  pull: PullRequest,
  repo: string,
): Promise<PullRequest> {
  const scratch = world.scratch(repo);
  const own = scratch
    .git('rev-list', '--reverse', '--topo-order', `refs/heads/${pull.base}..${pull.head}`)
    .split('\n');
  const commitsMap: Record<string, string> = {};
  let tip = world.head(pull.base, repo);
  for (const commit of own) {
    const [message, tree] = [scratch.git('log', '-1', '--format=%B', commit), `${commit}^{tree}`];
    const identity = ['-c', 'user.name=Bot', '-c', 'user.email=bot@acme.test'];
    tip = scratch.git(
      ...identity,
      'commit-tree',
      '-p',
      tip,
      '-m',
      `${message}\n\nlanded`,
      tree,
    ) as Sha;
    commitsMap[commit] = tip;
  }
  scratch.branch(pull.base, tip);
  const rita = await world.db.manager.findOneByOrFail(Person, { login: 'rita' });
  const approved = { approvedById: rita.id, approvedSha: pull.head, approvedAt: world.now() };
  await world.db.manager.update(PullRequest, pull.id, { mergedSha: tip, commitsMap, ...approved });
  return world.reread(pull);
}
