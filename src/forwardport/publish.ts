import type { Clone } from '../git/index.ts';
import type { PullRequestSummary } from '../github/facts.ts';
import type { NewPullRequest } from '../github/gateway.ts';
import { pullName } from '../ledger/facts.ts';
import type { Sha } from '../lib/ids.ts';
import type { Branch } from '../models/branch.ts';
import { Port } from '../models/port.ts';
import type { Project } from '../models/project.ts';
import type { Repository } from '../models/repository.ts';
import { forwardPortBody } from '../rules/port-message.ts';
import type { Prepared } from './prepare.ts';
import type { Run } from '../world.ts';

/** A port that is a pull request at GitHub. */
export interface Opened extends Prepared {
  readonly summary: PullRequestSummary;
}

/** Where ports go. `again`: an earlier try may have got through, so look before doing. */
export interface Destination {
  readonly project: Project;
  readonly target: Branch;
  readonly again: boolean;
}

/**
 * Makes prepared ports visible: all branches first, then the pull requests. What an earlier try did is adopted; nothing is
 * ever deleted because something failed, and no branch of somebody else is touched (reliability P3, I-36).
 *
 * @throws Error when a branch or GitHub is in the way: to be tried again.
 */
export async function publishPorts(
  run: Run,
  destination: Destination,
  ports: readonly Prepared[],
): Promise<Opened[]> {
  for (const one of ports) await publishBranch(run, destination, one);
  const opened: Opened[] = [];
  for (const one of ports) {
    opened.push({ ...one, summary: await openPullRequest(run, destination, one) });
  }
  return opened;
}

/** The clone of a repository that talks to the place its port branches are pushed to. */
export function portRemote(run: Run, project: Project, repository: Repository): Promise<Clone> {
  const name = repository.forwardportRemote ?? repository.name;
  return run.world.clone(project.name, { id: repository.id, name }, 'forwardport');
}

async function publishBranch(
  run: Run,
  { project, again }: Destination,
  { port, repository, head }: Prepared,
): Promise<void> {
  if (port.state === 'pushed') return;
  const remote = await portRemote(run, project, repository);
  await pushNewBranch(remote, { branch: port.branch, head, again });
  await run.transaction((tx) => tx.update(Port, port.id, { state: 'pushed' }));
}

async function pushNewBranch(
  remote: Clone,
  { branch, head, again }: { branch: string; head: Sha; again: boolean },
): Promise<void> {
  if (again && (await standsAt(remote, branch, head))) return;
  const outcome = await remote.push([{ branch, sha: head, lease: 'absent' }]);
  if (outcome.kind === 'pushed') return;
  if (await standsAt(remote, branch, head)) return; // the answer was lost, or an earlier push came late
  throw new Error(`branch ${branch} was not pushed: ${outcome.detail}`);
}

async function standsAt(remote: Clone, branch: string, head: Sha): Promise<boolean> {
  const there = (await remote.remoteHeads([branch])).get(branch);
  if (there !== undefined && there !== head) {
    throw new Error(`branch ${branch} holds something else: ${there}`);
  }
  return there === head;
}

/** Opens it, or finds the one an earlier try opened, even if somebody has closed it meanwhile. */
async function openPullRequest(
  run: Run,
  { project, target, again }: Destination,
  one: Prepared,
): Promise<PullRequestSummary> {
  const github = run.world.github(project.name, 'forwardport');
  const wanted = describe(one, target);
  const { repo, head, base } = wanted;
  if (again) {
    const [found] = await github.findPullRequests(repo, { head, base, state: 'all' });
    if (found) return found;
  }
  const outcome = await github.createPullRequest(wanted);
  if (outcome.kind !== 'refused') return outcome;
  throw new Error(`GitHub refuses the pull request: ${outcome.detail}`);
}

function describe({ repository, root, source, port }: Prepared, target: Branch): NewPullRequest {
  const remote = repository.forwardportRemote ?? repository.name;
  const stemsFrom = [pullName(repository, root), pullName(repository, source)];
  return {
    repo: repository.name,
    title: source.title,
    body: forwardPortBody(source.body, stemsFrom),
    head: `${remote.split('/')[0] ?? ''}:${port.branch}`,
    ...(remote === repository.name ? {} : { headRepository: remote }),
    base: target.name,
  };
}
