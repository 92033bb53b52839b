import {
  type Clone,
  type Commit,
  type MergeOutcome,
  type MergeTreeOutcome,
  type RebaseOutcome,
  gitDate,
  signAt,
} from '../git/index.ts';
import type { Sha } from '../lib/ids.ts';
import type { PullRequest } from '../models/pull-request.ts';
import { mergeMessage, rebasedMessage, squashMessage } from '../rules/landing-message.ts';
import type { MergeMethod } from '../rules/merge-method.ts';
import { squashPeople } from '../rules/squash-authors.ts';
import type { Candidate, Series } from './candidate.ts';

/** What merging one pull request onto the staging gave. */
export type PullMerge =
  | {
      readonly kind: 'merged';
      readonly head: Sha;
      /** Commit of the pull request → commit that lands. */
      readonly map: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'conflict'; readonly files: readonly string[]; readonly output: string }
  | {
      readonly kind: 'refused';
      readonly reason:
        'nothing-new' | 'merge-commit' | 'merge-parents' | 'emptied' | 'unrelated' | 'invalid';
      readonly commit: Sha | null;
      readonly detail: string;
    };

/** All that a merge needs. */
export interface PullMergePlan {
  readonly clone: Clone;
  readonly onto: Sha;
  readonly candidate: Pick<Candidate, 'head' | 'facts'> & {
    readonly pull: Pick<PullRequest, 'title' | 'body'>;
  };
  readonly series: Series;
  readonly method: MergeMethod;
  readonly bot: { readonly name: string; readonly email: string };
  readonly now: Date;
}

/** Merges by the method chosen (spec 5.10). Nothing is written but loose commits in the clone. */
export async function mergePull(plan: PullMergePlan): Promise<PullMerge> {
  switch (plan.method) {
    case 'rebase-ff':
      return rebaseOnto(plan);
    case 'rebase-merge':
      return rebaseAndMerge(plan);
    case 'merge':
      return mergeHead(plan);
    case 'squash':
      return squashSeries(plan);
  }
}

async function rebaseOnto(plan: PullMergePlan): Promise<PullMerge> {
  const last = plan.series.at(-1)?.sha;
  const outcome = await rebaseSeries(plan, (commit) => commit.sha === last);
  if (outcome.kind !== 'rebased') return failed(outcome);
  return { kind: 'merged', head: outcome.head, map: mapOf(outcome.copies) };
}

async function rebaseAndMerge(plan: PullMergePlan): Promise<PullMerge> {
  const outcome = await rebaseSeries(plan, () => false);
  if (outcome.kind !== 'rebased') return failed(outcome);
  const merged = await mergeCommit(plan, outcome.head);
  if (merged.kind !== 'merged') return failed(merged);
  return { kind: 'merged', head: merged.commit, map: mapOf(outcome.copies) };
}

async function mergeHead(plan: PullMergePlan): Promise<PullMerge> {
  const map = Object.fromEntries(plan.series.map((commit) => [commit.sha, commit.sha]));
  const last = plan.series.at(-1);
  const outside = last ? outsideParents(last, plan.series) : [];
  if (last && last.parents.length > 1 && outside.length > 0) {
    if (outside.length !== 1)
      return { kind: 'refused', reason: 'merge-parents', commit: last.sha, detail: '' };
    const repeated = await repeatMerge(plan, last, map);
    if (repeated.kind !== 'merged' || !(await passesForOurs(plan, repeated.head))) return repeated;
  }
  const outcome = await mergeCommit(plan, plan.candidate.head);
  if (outcome.kind !== 'merged') return failed(outcome);
  if (!outcome.changed) return nothingNew();
  return { kind: 'merged', head: outcome.commit, map };
}

/** A contributor may write the bot's name on a merge: repeated, it would pass for one of ours, whose first parent is the target. */
async function passesForOurs({ clone, bot }: PullMergePlan, head: Sha): Promise<boolean> {
  return isBy(bot, await clone.commit(head));
}

/** Whether a commit bears the bot's name twice, as the merges do that it makes. */
export function isBy(bot: PullMergePlan['bot'], { author, committer }: Commit): boolean {
  return [author, committer].every(({ name, email }) => name === bot.name && email === bot.email);
}

/** Parents that are no commits of the pull request: where its author merged the target in. */
function outsideParents({ parents }: Commit, series: Series): Sha[] {
  const own = new Set(series.map((commit) => commit.sha));
  return parents.filter((parent) => !own.has(parent));
}

/**
 * A head that merged the target into the branch is that merge made anew with the target as it is now (spec 5.10): same
 * people, same dates, its own words; a second merge commit on top would say nothing.
 */
async function repeatMerge(
  { clone, onto, candidate, series }: PullMergePlan,
  last: Commit,
  map: Readonly<Record<string, string>>,
): Promise<PullMerge> {
  const merged = await clone.mergeTree({ onto, head: candidate.head });
  if (merged.kind !== 'merged') return failed(merged);
  if (!merged.changed) return nothingNew();
  const outside = outsideParents(last, series);
  const head = await clone.commitTree({
    tree: merged.tree,
    parents: last.parents.map((parent) => (outside.includes(parent) ? onto : parent)),
    author: last.author,
    committer: last.committer,
    message: rebasedMessage(last.message, candidate.facts, true),
  });
  return { kind: 'merged', head, map: { ...map, [last.sha]: head } };
}

async function squashSeries(plan: PullMergePlan): Promise<PullMerge> {
  const { author, committer, coAuthors } = squashPeople(plan.series, plan.bot);
  const date = gitDate(plan.now);
  const lastOfAuthor = plan.series.at(-1)?.author.date ?? date;
  const single = coAuthors.length === 0;
  const outcome = await plan.clone.squash({
    onto: plan.onto,
    head: plan.candidate.head,
    message: squashMessage(textOf(plan), plan.candidate.facts, coAuthors),
    author: { name: author.name, email: author.email, date: single ? lastOfAuthor : date },
    committer: { name: committer.name, email: committer.email, date },
  });
  if (outcome.kind !== 'merged') return failed(outcome);
  if (!outcome.changed) return nothingNew();
  const map = Object.fromEntries(plan.series.map((commit) => [commit.sha, outcome.commit]));
  return { kind: 'merged', head: outcome.commit, map };
}

function rebaseSeries(
  { clone, onto, series, candidate, now }: PullMergePlan,
  integrates: (commit: Commit) => boolean,
): Promise<RebaseOutcome> {
  return clone.rebase({
    onto,
    commits: series.map((commit) => commit.sha),
    rewrite: (commit) => rebasedMessage(commit.message, candidate.facts, integrates(commit)),
    committerDate: gitDate(now),
  });
}

function mergeCommit(plan: PullMergePlan, head: Sha): Promise<MergeOutcome> {
  const bot = signAt(plan.bot, plan.now);
  const message = mergeMessage(textOf(plan), plan.candidate.facts);
  return plan.clone.merge({ onto: plan.onto, head, message, author: bot, committer: bot });
}

/** Title, blank line, body: what people reviewed as message. */
function textOf({ candidate: { pull } }: PullMergePlan): string {
  return pull.body.trim() ? `${pull.title}\n\n${pull.body}` : pull.title;
}

function mapOf(copies: ReadonlyMap<Sha, Sha>): Record<string, string> {
  return Object.fromEntries(copies);
}

function nothingNew(): PullMerge {
  return { kind: 'refused', reason: 'nothing-new', commit: null, detail: '' };
}

function failed(
  outcome: Exclude<MergeOutcome | MergeTreeOutcome | RebaseOutcome, { kind: 'merged' | 'rebased' }>,
): PullMerge {
  switch (outcome.kind) {
    case 'conflict':
      return { kind: 'conflict', files: outcome.files, output: outcome.output };
    case 'merge-commit':
    case 'emptied':
      return { kind: 'refused', reason: outcome.kind, commit: outcome.commit, detail: '' };
    case 'unrelated':
    case 'invalid':
      return { kind: 'refused', reason: outcome.kind, commit: null, detail: outcome.detail };
  }
}
