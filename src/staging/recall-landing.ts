import { type EntityManager, In } from 'typeorm';
import type { Clone } from '../git/index.ts';
import type { PullRequest as GitHubPull } from '../github/facts.ts';
import { postpone } from '../github/postpone.ts';
import { managedBranch, pullName } from '../ledger/facts.ts';
import { isLanding } from '../ledger/landing.ts';
import { straddlingPulls } from '../ledger/partial.ts';
import { activeStagingOf } from '../ledger/stagings.ts';
import { type Sha, sha } from '../lib/ids.ts';
import { inTurn } from '../lib/in-turn.ts';
import { Branch } from '../models/branch.ts';
import { Project } from '../models/project.ts';
import { PullRequest } from '../models/pull-request.ts';
import { Repository } from '../models/repository.ts';
import { StagingHead } from '../models/staging.ts';
import type { Run } from '../world.ts';
import { findLanding, type FoundLanding } from './find-landing.ts';

/** A pull request as GitHub shows it now. */
interface Shown {
  readonly repository: Repository;
  readonly pull: GitHubPull;
  /** Its record; null: the bot does not know it. */
  readonly known: PullRequest | null;
}

/** A pull request that has landed, though the records do not say so. */
export interface RecalledPull extends Shown {
  readonly landing: FoundLanding;
}

/** A batch of which that is true. */
export interface RecalledBatch {
  readonly kind: 'batch';
  readonly target: Branch;
  readonly pulls: readonly RecalledPull[];
}

/** What the targets say of a closed pull request. */
export type Recalled =
  | RecalledBatch
  /** The staging it is in landed wholly, or in part: then CI has to say so anew, and the landing goes on. */
  | { readonly kind: 'staging' | 'partly'; readonly stagingId: number };

/**
 * Asks the targets themselves whether a closed pull request has landed, with all that the records know of its batch: a
 * database that was put back from an older copy, or lost its last seconds, has forgotten what the bot did meanwhile (I-49).
 * Looks only where a closing would be news, and takes no word for it but the history of the target.
 *
 * @returns null: nothing says so, and what GitHub says holds.
 * @throws Error when GitHub or a clone cannot be read: to be tried again.
 */
export async function recallLanding(
  run: Run,
  closed: { readonly repositoryId: number; readonly pull: GitHubPull },
): Promise<Recalled | null> {
  const tx = run.world.db.manager;
  const { repositoryId, pull } = closed;
  const repository = await tx.findOneByOrFail(Repository, { id: repositoryId });
  const target = await managedBranch(tx, repository, pull.base.branch);
  const known = await tx.findOneBy(PullRequest, { repositoryId, number: pull.number });
  if (
    !target ||
    (known === null ? await isOurs(tx, repository, pull) : !(await mayHaveLanded(tx, known)))
  )
    return null;
  const staging = known && (await recallStaging(run, known));
  return staging ?? recallBatch(run, target, { repository, pull, known });
}

/** The staging that a batch is in: the bot wrote down itself what it would land. */
async function recallStaging(run: Run, { batchId }: PullRequest): Promise<Recalled | null> {
  const tx = run.world.db.manager;
  const staging = await activeStagingOf(tx, batchId);
  if (!staging) return null;
  const branch = await tx.findOneByOrFail(Branch, { id: staging.branchId });
  const heads = await tx.findBy(StagingHead, { stagingId: staging.id, changed: true });
  const landed = await inTurn(heads, (one) => isIn(run, branch, one));
  if (!landed.includes(true)) return null;
  return { kind: landed.includes(false) ? 'partly' : 'staging', stagingId: staging.id };
}

async function isIn(
  run: Run,
  branch: Branch,
  { repositoryId, head }: StagingHead,
): Promise<boolean> {
  const repository = await run.world.db.manager.findOneByOrFail(Repository, { id: repositoryId });
  const clone = await openClone(run, repository);
  const tip = await fetchTip(clone, branch, sha(head));
  return tip !== null && (await clone.isAncestor(sha(head), tip));
}

async function openClone({ world }: Run, repository: Repository): Promise<Clone> {
  const project = await world.db.manager.findOneByOrFail(Project, { id: repository.projectId });
  return world.clone(project.name, repository);
}

/** Brings a commit and the target as it is now; null: one of them is not at GitHub. */
async function fetchTip(clone: Clone, { name }: Branch, head: Sha): Promise<Sha | null> {
  const fetched = await clone.fetch({ branches: [name], shas: [head] });
  return (fetched.kind === 'fetched' ? fetched.heads.get(name) : undefined) ?? null;
}

async function recallBatch(run: Run, target: Branch, closed: Shown): Promise<RecalledBatch | null> {
  const first = await recallPull(run, target, closed);
  if (!first) return null;
  const pulls = [first];
  for (const other of closed.known === null ? [] : await othersOf(run, closed.known)) {
    const landed = other && (await recallPull(run, target, other));
    if (!landed) {
      const name = pullName(closed.repository, closed.pull);
      const facts = { pullRequest: name, sha: first.landing.mergedSha };
      run.world.log.error(facts, 'it landed, but not all of its batch: recorded as closed');
      return null;
    }
    pulls.push(landed);
  }
  return { kind: 'batch', target, pulls };
}

/** A port that is unknown is taken back first by porting: on its own it would be ported again. */
async function isOurs(
  tx: EntityManager,
  { projectId }: Repository,
  { author }: GitHubPull,
): Promise<boolean> {
  const { ownIds } = await tx.findOneByOrFail(Project, { id: projectId });
  return author !== null && ownIds.includes(String(author.id));
}

/** What is known to have landed, to be closed or to land just now is in no doubt. */
async function mayHaveLanded(
  tx: EntityManager,
  { closed, mergedSha, batchId }: PullRequest,
): Promise<boolean> {
  if (closed || mergedSha !== null || (await isLanding(tx, batchId))) return false;
  return (await straddlingPulls(tx, batchId)) === null;
}

/** The rest of its batch that the records take to be open; null in place of one that GitHub does not show. */
async function othersOf(run: Run, { id, batchId }: PullRequest): Promise<(Shown | null)[]> {
  const tx = run.world.db.manager;
  const batch = await tx.findBy(PullRequest, { batchId, closed: false });
  const others: (Shown | null)[] = [];
  for (const known of batch.filter((one) => one.id !== id)) {
    const repository = await tx.findOneByOrFail(Repository, { id: known.repositoryId });
    const pull = await readPull(run, repository, known.number);
    others.push(pull && { repository, pull, known });
  }
  return others;
}

async function readPull(
  run: Run,
  repository: Repository,
  number: number,
): Promise<GitHubPull | null> {
  const tx = run.world.db.manager;
  const project = await tx.findOneByOrFail(Project, { id: repository.projectId });
  const github = run.world.github(project.name);
  const pull = await github.pullRequest(repository.name, number).catch(postpone);
  return pull.kind === 'missing' ? null : pull;
}

async function recallPull(run: Run, target: Branch, shown: Shown): Promise<RecalledPull | null> {
  const { repository, pull } = shown;
  if (pull.base.branch !== target.name) return null;
  const { head } = pull;
  const clone = await openClone(run, repository);
  const tip = await fetchTip(clone, target, head.sha);
  if (!tip) return null;
  const project = await run.world.db.manager.findOneByOrFail(Project, { id: repository.projectId });
  const bot = await run.world.identity(project.name);
  const self = { repository: repository.name, number: pull.number };
  const landing = await findLanding({ clone, self, head: head.sha, tip, bot });
  if (!landing) return null;
  const rival = await findRival(run, repository, landing);
  if (rival === null) return { ...shown, landing };
  const facts = { pullRequest: pullName(repository, pull), sha: landing.mergedSha, rival };
  run.world.log.warn(facts, 'not taken for landed: the commit names another pull request as well');
  return null;
}

/**
 * Another pull request that the commit may be the landing of. Each landing names its own pull request, so what it names
 * beside this one must be an issue, or have landed by other commits.
 */
async function findRival(
  run: Run,
  repository: Repository,
  { mergedSha, others }: FoundLanding,
): Promise<number | null> {
  const rows = await run.world.db.manager.findBy(PullRequest, {
    repositoryId: repository.id,
    number: In([...others]),
  });
  const elsewhere = new Set(
    rows.filter((one) => landedElsewhere(one, mergedSha)).map((one) => one.number),
  );
  for (const number of others) {
    if (elsewhere.has(number)) continue;
    if (rows.some((one) => one.number === number)) return number;
    if ((await readPull(run, repository, number)) !== null) return number;
  }
  return null;
}

function landedElsewhere({ mergedSha, commitsMap }: PullRequest, sha: Sha): boolean {
  if (mergedSha === null || commitsMap === null) return false;
  return mergedSha !== sha && !Object.values(commitsMap).includes(sha);
}
