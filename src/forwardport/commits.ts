import type { Clone, Commit } from '../git/index.ts';
import { type Sha, sha } from '../lib/ids.ts';
import type { PullRequest } from '../models/pull-request.ts';

/**
 * The root's own commits, oldest first: those its landing wrote down, or, while it is open, all that its base does not
 * have. Never what a diff with the new target would suggest (forwardport spec 7). Of branches merged within the pull
 * request only the merge is listed: picked relative to its first parent it brings all of them, and picking them as well
 * would leave nothing for it to bring (R30).
 *
 * @throws Error when its base cannot be fetched.
 */
export async function ownCommits(clone: Clone, root: PullRequest): Promise<Sha[]> {
  const own = root.commitsMap ? Object.keys(root.commitsMap) : await sinceBase(clone, root);
  return firstParents(clone, sha(root.head), new Set(own));
}

async function sinceBase(clone: Clone, { base, head }: PullRequest): Promise<string[]> {
  const outcome = await clone.fetch({ branches: [base] });
  const from = outcome.kind === 'fetched' ? outcome.heads.get(base) : undefined;
  if (from === undefined) throw new Error(`cannot fetch ${base}`);
  return (await clone.commits(from, sha(head))).map((commit) => commit.sha);
}

async function firstParents(clone: Clone, head: Sha, own: ReadonlySet<string>): Promise<Sha[]> {
  const line: Sha[] = [];
  for (let at: Sha | undefined = head; at !== undefined && own.has(at);) {
    line.unshift(at);
    const commit: Commit = await clone.commit(at);
    at = commit.parents[0];
  }
  return line;
}

/** Reads commits, one after another. */
export async function readAll(clone: Clone, shas: readonly Sha[]): Promise<Commit[]> {
  const commits: Commit[] = [];
  for (const one of shas) commits.push(await clone.commit(one));
  return commits;
}
