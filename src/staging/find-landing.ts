import type { Clone, Commit } from '../git/index.ts';
import type { Sha } from '../lib/ids.ts';
import { parseCommitMessage } from '../rules/commit-message.ts';
import type { LandingFacts } from '../rules/landing-message.ts';
import type { MergeMethod } from '../rules/merge-method.ts';
import { mentionedNumbers, mentions, type Reference } from '../rules/references.ts';
import type { Series } from './candidate.ts';
import { isBy, mergePull, type PullMergePlan } from './merge-pull.ts';

/** A pull request that may have landed, and the target it goes to, fetched. */
interface Sought {
  readonly clone: Clone;
  readonly self: Reference;
  readonly head: Sha;
  /** Where the target stands. */
  readonly tip: Sha;
  readonly bot: PullMergePlan['bot'];
}

/** A landing found in the history of a target. */
export interface FoundLanding {
  readonly mergedSha: Sha;
  /** Commit of the pull request → commit that landed. */
  readonly map: Readonly<Record<string, string>>;
  /** Other numbers of its repository that the commit names: of pull requests, it could be theirs. */
  readonly others: readonly number[];
}

/** Landings older than that many are not looked for: a copy of the database is not kept for years. */
const FARTHEST = 1_000;

/**
 * Looks in a target for the commit by which the bot landed a pull request (I-49). Words prove nothing, anybody can write
 * them: the landing is made again on the commit before it, and has to give the very same commit. The line of the target is
 * left where somebody else has merged, as from there on it may lead through commits of a contributor.
 *
 * @returns null: there is none, or it was undone since.
 */
export async function findLanding(sought: Sought): Promise<FoundLanding | null> {
  const { clone, self, tip, bot } = sought;
  const later: Commit[] = [];
  for (const commit of await clone.firstParents(tip, FARTHEST)) {
    const map = mentions(commit.message, self) ? await repeatLanding(sought, commit) : null;
    if (map) {
      if (later.some(({ message }) => message.includes(commit.sha))) return null;
      const named = mentionedNumbers(commit.message, self.repository);
      const others = named.filter((number) => number !== self.number);
      return { mergedSha: commit.sha, map, others };
    }
    if (commit.parents.length > 1 && !isBy(bot, commit)) return null;
    later.push(commit);
  }
  return null;
}

/** @returns the map of the landing that gives exactly this commit; null: none does. */
async function repeatLanding(
  sought: Sought,
  commit: Commit,
): Promise<Readonly<Record<string, string>> | null> {
  for (const way of await waysTo(sought, commit)) {
    const series = await sought.clone.commits(way.onto, sought.head, MOST_COMMITS);
    if (series.length === 0) continue;
    for (const facts of await factsIn(sought, { commit, way, series })) {
      const merged = await mergePull(planOf(sought, { commit, way, series, facts }));
      if (merged.kind === 'merged' && merged.head === commit.sha) return merged.map;
    }
  }
  return null;
}

const MOST_COMMITS = 251; // one more than a pull request may have

interface Way {
  readonly method: MergeMethod;
  /** Where the target, or the staging, stood before. */
  readonly onto: Sha;
}

/** How a commit may have come to be. A merge that its author had made is repeated with its parents in his order. */
async function waysTo({ clone, head }: Sought, commit: Commit): Promise<Way[]> {
  const [first, second] = commit.parents;
  if (!first) return [];
  if (second) {
    return [
      { method: 'merge', onto: first },
      { method: 'rebase-merge', onto: first },
      { method: 'merge', onto: second },
    ];
  }
  const copied = (await clone.commits(commit.sha, head, MOST_COMMITS)).length;
  const before = (await clone.firstParents(commit.sha, copied + 1))[copied];
  const rebased = before ? [{ method: 'rebase-ff', onto: before.sha } as const] : [];
  return [{ method: 'squash', onto: first }, ...rebased];
}

/** A landing to be made again. */
interface Repetition {
  readonly commit: Commit;
  readonly way: Way;
  readonly series: Series;
}

/** With the words of the commit itself: the text of the pull request may have been edited since. */
function planOf(
  { clone, head, bot }: Sought,
  { commit, way, series, facts }: Repetition & { facts: LandingFacts },
): PullMergePlan {
  const [title = '', ...rest] = commit.message.split('\n');
  const candidate = { pull: { title, body: rest.join('\n') }, head, facts };
  const now = new Date(Number.parseInt(commit.committer.date, 10) * 1_000);
  return { clone, ...way, candidate, series, bot, now };
}

/**
 * What the landing can have written under the commits: who signed off, as far as all of them say so, without the author's own
 * sign-off or, where he is the reviewer, with it; nothing where the words are the commit's own already.
 */
async function factsIn(
  { clone, self }: Sought,
  { commit, way, series }: Repetition,
): Promise<LandingFacts[]> {
  const count = way.method === 'rebase-ff' ? series.length : 1;
  const copies = await clone.firstParents(commit.sha, count);
  const shared = (key: string): string[] =>
    valuesOf(commit, key).filter((value) =>
      copies.every((one) => valuesOf(one, key).includes(value)),
    );
  const all = shared('Signed-off-by');
  const own = valuesOf(series.at(-1), 'Signed-off-by');
  const linked = shared('Related').flatMap(readReference);
  const choices = [[], all.filter((value) => !own.includes(value)), all];
  return choices.map((signers) => ({ self, linked, signers }));
}

function valuesOf(commit: Commit | undefined, wanted: string): string[] {
  const { trailers } = parseCommitMessage(commit?.message ?? '');
  return trailers.flatMap(({ key, value }) => (key === wanted ? [value] : []));
}

function readReference(text: string): Reference[] {
  const match = /^(\S+)#([0-9]+)$/.exec(text);
  return match?.[1] === undefined ? [] : [{ repository: match[1], number: Number(match[2]) }];
}
