import { type EntityManager, In } from 'typeorm';
import type { Clone } from '../git/index.ts';
import { readPartial } from '../ledger/partial.ts';
import { type Sha, sha } from '../lib/ids.ts';
import { inTurn } from '../lib/in-turn.ts';
import type { LandingStep } from '../models/landing-step.ts';
import { PullRequest } from '../models/pull-request.ts';
import { Staging, StagingPull } from '../models/staging.ts';
import { heldIn, spanOf } from './undo.ts';

/**
 * Proves a head before its target moves (R18): it goes forward from where the target stands, and touches only paths that
 * its pull requests touch. A wrong merge base shows here, however green CI is.
 *
 * @returns what is wrong, or null.
 */
export async function proveHead(
  tx: EntityManager,
  { step, clone }: { step: LandingStep; clone: Clone },
): Promise<string | null> {
  const [from, to] = [sha(step.from), sha(step.to)];
  const fetched = await clone.fetch({ shas: [from, to, ...(await witnesses(tx, step))] });
  if (fetched.kind !== 'fetched') return 'what was tested is no longer at GitHub';
  if (!(await clone.isAncestor(from, to)))
    return 'what was tested does not go forward from the target';
  const touched = await clone.changedPaths(from, to);
  const allowed = touched && (await pathsOfPulls(tx, { step, clone }));
  if (!allowed) return TOO_MANY_PATHS;
  const strange = [...touched].filter((path) => !allowed.has(path));
  return strange.length === 0
    ? null
    : `what was tested changes paths that no pull request changes: ${strange.slice(0, 5).join(', ')}`;
}

const TOO_MANY_PATHS =
  'what was tested changes too many files to be compared with its pull requests: their names take more than 64 MiB';

/** @returns null: too many to be looked at. */
async function pathsOfPulls(
  tx: EntityManager,
  { step, clone }: { step: LandingStep; clone: Clone },
): Promise<Set<string> | null> {
  const { repair, repairsId } = await tx.findOneByOrFail(Staging, { id: step.stagingId });
  if (repair === 'revert' && repairsId !== null) return pathsUndone(tx, { step, clone, repairsId });
  const heads = await stagedHeads(tx, step);
  return union(await inTurn(heads, (head) => pathsOf(clone, { exclude: step.from, head })));
}

function union(sets: readonly (ReadonlySet<string> | null)[]): Set<string> | null {
  const paths = new Set<string>();
  for (const set of sets) {
    if (set === null) return null;
    for (const path of set) paths.add(path);
  }
  return paths;
}

/**
 * The commits the proof looks at. They were here when the staging was built, but this may be another clone: of another
 * process, or made anew.
 */
async function witnesses(tx: EntityManager, step: LandingStep): Promise<Sha[]> {
  const { repair, repairsId } = await tx.findOneByOrFail(Staging, { id: step.stagingId });
  if (repair !== 'revert' || repairsId === null) return stagedHeads(tx, step);
  const held = heldIn(await readPartial(tx, repairsId), step.repositoryId);
  const spans = await inTurn(held, (one) => spanOf(tx, one));
  return spans.flatMap(({ before, after }) => [before, after]);
}

/** Heads of the pull requests of the step's repository, as they were staged. */
async function stagedHeads(tx: EntityManager, step: LandingStep): Promise<Sha[]> {
  const staged = await tx.findBy(StagingPull, { stagingId: step.stagingId });
  const ids = staged.map((one) => one.pullRequestId);
  const { repositoryId } = step;
  const here = await tx.findBy(PullRequest, { id: In(ids), repositoryId });
  const known = new Set(here.map((one) => one.id));
  return staged.filter((one) => known.has(one.pullRequestId)).map((one) => sha(one.head));
}

/** What undoes pull requests touches what they changed when they landed. */
async function pathsUndone(
  tx: EntityManager,
  { step, clone, repairsId }: { step: LandingStep; clone: Clone; repairsId: number },
): Promise<Set<string> | null> {
  const held = heldIn(await readPartial(tx, repairsId), step.repositoryId);
  const undone = await inTurn(held, async (one) => {
    const { before, after } = await spanOf(tx, one);
    return clone.changedPaths(before, after);
  });
  return union(undone);
}

/** The paths of a pull request, commit by commit: what it merged in from its target is not its own. */
async function pathsOf(
  clone: Clone,
  { exclude, head }: { exclude: string; head: Sha },
): Promise<Set<string> | null> {
  const commits = await clone.commits(sha(exclude), head);
  const changed = await inTurn(commits, ({ parents: [parent], sha: commit }) =>
    parent ? clone.changedPaths(parent, commit) : Promise.resolve(new Set<string>()),
  );
  return union(changed);
}
