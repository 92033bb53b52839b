import type { Clone, Commit } from '../git/index.ts';
import { type Sha, sha } from '../lib/ids.ts';
import type { PullRequest } from '../models/pull-request.ts';

/**
 * The root's own commits, oldest first: those its landing wrote down, or, while it is open, all that its base does not
 * have. Never what a diff with the new target would suggest (forwardport spec 7).
 *
 * @throws Error when its base cannot be fetched.
 */
export async function ownCommits(clone: Clone, root: PullRequest, onto: Sha): Promise<Sha[]> {
  const head = sha(root.head);
  if (root.commitsMap) return inOrder(clone, { known: root.commitsMap, head, onto });
  const outcome = await clone.fetch({ branches: [root.base] });
  const base = outcome.kind === 'fetched' ? outcome.heads.get(root.base) : undefined;
  if (base === undefined) throw new Error(`cannot fetch ${root.base}`);
  return (await clone.commits(base, head)).map((commit) => commit.sha);
}

/** Reads commits one after another: hundreds of children at once would choke the machine. */
export async function readAll(clone: Clone, shas: readonly Sha[]): Promise<Commit[]> {
  const commits: Commit[] = [];
  for (const one of shas) commits.push(await clone.commit(one));
  return commits;
}

/** Brings a landing's commits into the order of history, which the database does not keep. */
async function inOrder(
  clone: Clone,
  { known, head, onto }: { known: Record<string, string>; head: Sha; onto: Sha },
): Promise<Sha[]> {
  const own = Object.keys(known).map(sha);
  if (own.length <= 1) return own;
  const newest = await clone.commits(onto, head, own.length);
  const listed = newest.map((commit) => commit.sha);
  if (listed.length === own.length && listed.every((one) => one in known)) return listed;
  return parentsFirst(await readAll(clone, own), head); // a merge in between, or the target has some of them
}

/** Orders commits so that each comes after its parents among them. */
export function parentsFirst(
  commits: readonly Pick<Commit, 'sha' | 'parents'>[],
  head: Sha,
): Sha[] {
  const byId = new Map(commits.map((commit) => [commit.sha, commit]));
  const ordered = new Set<Sha>();
  const stack: Sha[] = [...byId.keys(), head]; // the head last: it is looked at first
  for (let id = stack.at(-1); id !== undefined; id = stack.at(-1)) {
    const parents = byId.get(id)?.parents ?? [];
    const missing = parents.filter((one) => byId.has(one) && !ordered.has(one));
    if (missing.length > 0) stack.push(...missing.reverse());
    else {
      if (byId.has(id)) ordered.add(id);
      stack.pop();
    }
  }
  return [...ordered];
}
