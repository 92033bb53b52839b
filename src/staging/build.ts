import type { Commit } from '../git/index.ts';
import type { Sha } from '../lib/ids.ts';
import type { Batch } from '../models/batch.ts';
import type { CommitName } from '../messages/staging.ts';
import { type CommitRefusal, refuseCommit } from '../rules/commit-refusal.ts';
import { chooseMethod, type MergeMethod, type MethodChoice } from '../rules/merge-method.ts';
import { closedIssues } from '../rules/references.ts';
import type { BotIdentity } from '../world.ts';
import type { Candidate, Series } from './candidate.ts';
import { mergePull, type PullMerge } from './merge-pull.ts';
import type { Lane, Site } from './site.ts';

/** A pull request as it lies in the staging. */
export interface StagedPull {
  readonly candidate: Candidate;
  readonly mergedSha: Sha;
  readonly map: Readonly<Record<string, string>>;
  /** Issues of its repository to close once it has landed (spec 5.12). */
  readonly closes: readonly number[];
}

/** A batch that was merged completely. */
export interface StagedBatch {
  readonly batch: Batch;
  readonly pulls: readonly StagedPull[];
}

/** Why a pull request could not be staged. */
export type Obstacle =
  | { readonly kind: 'ask-method'; readonly commits: number }
  | { readonly kind: 'method'; readonly choice: Extract<MethodChoice, { kind: 'refused' }> }
  | { readonly kind: 'too-old'; readonly behind: number; readonly limit: number }
  | { readonly kind: 'gone'; readonly detail: string }
  | { readonly kind: 'commit'; readonly commit: CommitName; readonly refusal: CommitRefusal }
  | {
      readonly kind: 'conflict';
      readonly files: readonly string[];
      readonly output: string;
      /** Pull requests of the same staging that the conflict comes from; empty: the target itself (R21). */
      readonly with: readonly Candidate[];
    }
  | {
      readonly kind: 'refused';
      readonly reason: Extract<PullMerge, { kind: 'refused' }>['reason'];
      readonly commit: CommitName | null;
      readonly detail: string;
    };

/** What became of one batch. */
export type BatchOutcome =
  | { readonly kind: 'staged'; readonly staged: StagedBatch }
  | { readonly kind: 'stopped'; readonly candidate: Candidate; readonly obstacle: Obstacle };

/**
 * Puts batches one after another on the heads of a branch, in memory. A batch goes in whole or not at all: heads advance
 * only after its last pull request (I-10).
 */
export class Builder {
  readonly #site: Site;
  readonly #bot: BotIdentity;
  readonly #now: Date;
  readonly #heads = new Map<number, Sha>();
  readonly #staged: StagedBatch[] = [];

  constructor(site: Site, { bot, now }: { bot: BotIdentity; now: Date }) {
    this.#site = site;
    this.#bot = bot;
    this.#now = now;
    for (const lane of site.lanes) this.#heads.set(lane.repository.id, lane.base);
  }

  /** The batches that are in, in order. */
  get staged(): readonly StagedBatch[] {
    return this.#staged;
  }

  /** What is to be tested in a repository. */
  head(lane: Lane): Sha {
    return this.#heads.get(lane.repository.id) ?? lane.base;
  }

  async add(batch: Batch, candidates: readonly Candidate[]): Promise<BatchOutcome> {
    const heads = new Map(this.#heads);
    const pulls: StagedPull[] = [];
    for (const candidate of candidates) {
      const lane = this.#site.lanes.find((one) => one.repository.id === candidate.repository.id);
      const outcome = lane
        ? await this.#stage(lane, candidate, heads)
        : ({ kind: 'gone', detail: 'the branch does not exist in this repository' } as const);
      if ('mergedSha' in outcome) pulls.push(outcome);
      else return { kind: 'stopped', candidate, obstacle: outcome };
    }
    for (const [id, head] of heads) this.#heads.set(id, head);
    const staged = { batch, pulls };
    this.#staged.push(staged);
    return { kind: 'staged', staged };
  }

  async #stage(
    lane: Lane,
    candidate: Candidate,
    heads: Map<number, Sha>,
  ): Promise<StagedPull | Obstacle> {
    const onto = heads.get(lane.repository.id) ?? lane.base;
    const ready = await this.#prepare(lane, candidate, onto);
    if ('kind' in ready) return ready;
    const { method, series } = ready;
    const plan = { clone: lane.clone, candidate, series, method, bot: this.#bot, now: this.#now };
    const merged = await mergePull({ ...plan, onto });
    if (merged.kind === 'conflict') {
      return { ...merged, with: await this.#conflictsWith(lane, { ...plan, onto: lane.base }) };
    }
    if (merged.kind === 'refused') {
      const at = series.find((one) => one.sha === merged.commit);
      return { ...merged, commit: at ? nameOf(at) : null };
    }
    heads.set(lane.repository.id, merged.head);
    const texts = [candidate.pull.title, candidate.pull.body, ...series.map((one) => one.message)];
    const named = texts.flatMap((text) => closedIssues(text, lane.repository.name));
    const closes = [...named, ...(candidate.linkedIssues ?? [])];
    return { candidate, mergedSha: merged.head, map: merged.map, closes: [...new Set(closes)] };
  }

  /** Fetches the approved head by id and looks whether it may be merged at all (spec 5.5, R23). */
  async #prepare(
    lane: Lane,
    candidate: Candidate,
    onto: Sha,
  ): Promise<{ method: MergeMethod; series: Series } | Obstacle> {
    const fetched = await lane.clone.fetch({ shas: [candidate.head] });
    if (fetched.kind === 'missing')
      return { kind: 'gone', detail: 'its head is no longer at GitHub' };
    if (fetched.kind === 'refused') return { kind: 'gone', detail: fetched.detail };
    const limit = this.#site.project.settings.staging.latenessLimit;
    const behind = limit > 0 ? await lane.clone.behind(onto, candidate.head) : 0;
    if (limit > 0 && behind >= limit) return { kind: 'too-old', behind, limit };
    const series = await lane.clone.commits(lane.base, candidate.head, 251);
    const refused = series.map(refusalOf).find((one) => one !== null);
    if (refused) return refused;
    if (
      candidate.pull.conflict &&
      (await lane.clone.hasConflictMarkers(candidate.head, lane.base))
    ) {
      return { kind: 'commit', commit: nameOf(series.at(-1)), refusal: 'conflict-markers' };
    }
    const choice = chooseMethod({
      configured: candidate.pull.mergeMethod,
      commits: series.length,
    });
    if (choice.kind === 'method') return { method: choice.method, series };
    if (choice.kind === 'ask') return { kind: 'ask-method', commits: series.length };
    return { kind: 'method', choice };
  }

  /** Finds the cause of a conflict: alone on the target it merges, so one of those before it is in the way (R21). */
  async #conflictsWith(
    lane: Lane,
    plan: Parameters<typeof mergePull>[0],
  ): Promise<readonly Candidate[]> {
    if ((await mergePull(plan)).kind !== 'merged') return [];
    const before = this.#staged.flatMap((one) => one.pulls).map((one) => one.candidate);
    const same = before.filter((one) => one.repository.id === lane.repository.id);
    const causes: Candidate[] = [];
    for (const other of same) {
      const pair = await lane.clone.mergeTree({ onto: other.head, head: plan.candidate.head });
      if (pair.kind === 'conflict') causes.push(other);
    }
    return causes.length > 0 ? causes : same;
  }
}

function refusalOf(commit: Commit): Obstacle | null {
  const refusal = refuseCommit({
    subject: subjectOf(commit),
    authorEmail: commit.author.email,
    committerEmail: commit.committer.email,
    hasConflictMarkers: false, // asked once for the whole head, and only where the bot made markers
  });
  return refusal === null ? null : { kind: 'commit', commit: nameOf(commit), refusal };
}

function nameOf(commit: Commit | undefined): CommitName {
  return { sha: commit?.sha ?? '', subject: commit ? subjectOf(commit) : '' };
}

function subjectOf(commit: Commit): string {
  return commit.message.split('\n', 1)[0] ?? '';
}
