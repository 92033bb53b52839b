import type { EntityManager } from 'typeorm';
import { gitDate, signAt } from '../git/index.ts';
import { pullName } from '../ledger/facts.ts';
import type { HeldPull, PartialLanding } from '../ledger/partial.ts';
import { type Sha, sha } from '../lib/ids.ts';
import { PullRequest } from '../models/pull-request.ts';
import { Repository } from '../models/repository.ts';
import { StagingHead, StagingPull } from '../models/staging.ts';
import { undoMessage } from '../rules/partial-landing.ts';
import type { BotIdentity } from '../world.ts';
import type { Lane } from './site.ts';

/** Where a target stood before and after one pull request landed on it. */
export interface Span {
  readonly before: Sha;
  readonly after: Sha;
}

/** Reads it from the staging that brought the pull request there. */
export async function spanOf(tx: EntityManager, held: HeldPull): Promise<Span> {
  const { landedIn, pullRequestId, repositoryId } = held;
  if (landedIn === null) throw new Error('only what landed has a span');
  const key = { stagingId: landedIn, pullRequestId };
  const { mergedSha, position } = await tx.findOneByOrFail(StagingPull, key);
  const rows = await tx.query<{ merged_sha: string }[]>(
    `select s.merged_sha from staging_pull s join pull_request p on p.id = s.pull_request_id
      where s.staging_id = $1 and p.repository_id = $2 and s.position < $3 order by s.position desc limit 1`,
    [landedIn, repositoryId, position],
  );
  const head = await tx.findOneByOrFail(StagingHead, { stagingId: landedIn, repositoryId });
  return { before: sha(rows[0]?.merged_sha ?? head.base), after: sha(mergedSha) };
}

/** What undoing in one repository gave. */
export type Undoing =
  | { readonly kind: 'undone'; readonly head: Sha }
  | { readonly kind: 'obstacle'; readonly why: string };

/** What undoing needs beside the repository. */
export interface UndoPlan {
  readonly partial: PartialLanding;
  readonly bot: BotIdentity;
  readonly now: Date;
}

/** The pull requests of straddling batches that a repository holds. */
export function heldIn({ pulls, places }: PartialLanding, repositoryId: number): HeldPull[] {
  return pulls.filter(
    (one) =>
      one.landed && one.repositoryId === repositoryId && places.get(one.batchId) === 'straddling',
  );
}

/**
 * Takes straddling pull requests out of a repository again, the last one first, by new commits on the tip: each is the
 * opposite of what the pull request did there. Nothing is written but loose commits in the clone.
 */
export async function undoIn(
  tx: EntityManager,
  lane: Lane,
  { partial, bot, now }: UndoPlan,
): Promise<Undoing> {
  let tip = lane.base;
  for (const held of heldIn(partial, lane.repository.id).reverse()) {
    const { before, after } = await spanOf(tx, held);
    const fetched = await lane.clone.fetch({ shas: [before, after] });
    if (fetched.kind !== 'fetched') return { kind: 'obstacle', why: 'what landed is gone' };
    const author = signAt(bot, now);
    const opposite = await lane.clone.commitTree({
      tree: await lane.clone.tree(before),
      parents: [after],
      author,
      committer: author,
      message: await messageOf(tx, held, { partial, after }),
    });
    const plan = { onto: tip, commits: [opposite], committerDate: gitDate(now) };
    const picked = await lane.clone.pick(plan);
    if (picked.kind === 'picked') tip = picked.head;
    else if (picked.kind === 'conflict') {
      const why = `in ${lane.repository.name} later commits build on it: ${picked.files.join(', ')}`;
      return { kind: 'obstacle', why };
    } else if (picked.kind !== 'empty') return { kind: 'obstacle', why: picked.detail }; // empty: undone by hand
  }
  return { kind: 'undone', head: tip };
}

async function messageOf(
  tx: EntityManager,
  { pullRequestId, batchId }: HeldPull,
  { partial, after }: { partial: PartialLanding; after: Sha },
): Promise<string> {
  const pull = await tx.findOneByOrFail(PullRequest, { id: pullRequestId });
  const missing = partial.pulls.filter((one) => one.batchId === batchId && !one.landed);
  const names: string[] = [];
  for (const one of missing) names.push(await nameOf(tx, one.pullRequestId));
  return undoMessage({
    name: await nameOf(tx, pull.id),
    title: pull.title,
    sha: after,
    missing: names,
  });
}

async function nameOf(tx: EntityManager, id: number): Promise<string> {
  const pull = await tx.findOneByOrFail(PullRequest, { id });
  return pullName(await tx.findOneByOrFail(Repository, { id: pull.repositoryId }), pull);
}
