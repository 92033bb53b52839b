import type { CommitRefusal } from '../rules/commit-refusal.ts';
import type { MethodChoice } from '../rules/merge-method.ts';
import { checkLinks } from './pull-request.ts';
import {
  block,
  bullets,
  code,
  count,
  enumerate,
  link,
  minutes,
  paragraphs,
  ping,
  plain,
} from './text.ts';

/** Why a pull request could not be put on a staging. */
export type UnableReason =
  | { readonly kind: 'conflict'; readonly files: readonly string[] }
  | { readonly kind: 'empty' }
  | { readonly kind: 'becomes-empty'; readonly commit: CommitName }
  | { readonly kind: 'merge-in-rebase'; readonly commit: CommitName }
  | { readonly kind: 'several-merge-parents'; readonly commit: CommitName }
  | { readonly kind: 'behind'; readonly commits: number; readonly limit: number }
  | { readonly kind: 'method'; readonly choice: Extract<MethodChoice, { kind: 'refused' }> }
  | { readonly kind: 'commit'; readonly commit: CommitName; readonly refusal: CommitRefusal }
  | { readonly kind: 'unmanaged'; readonly branch: string }
  | { readonly kind: 'other'; readonly text: string };

/** A commit as people recognise it. */
export interface CommitName {
  readonly sha: string;
  readonly subject: string;
}

/** A pull request was put in error because it cannot be staged. */
export function unableToStage(facts: {
  readonly ping: readonly string[];
  readonly bot: string;
  readonly reason: UnableReason;
}): string {
  return `${ping(facts.ping)}I could not stage this: ${describeUnable(facts.reason)} When it is put right, a push and a new approval or ${code(`@${facts.bot} retry`)} brings it back.`;
}

/** Says why staging was not possible. */
export function describeUnable(reason: UnableReason): string {
  switch (reason.kind) {
    case 'conflict':
      return `it conflicts with its target${describeFiles(reason.files)}.`;
    case 'empty':
      return 'it would change nothing. Perhaps the same change has landed already.';
    case 'behind':
      return `it is ${count(reason.commits, 'commit')} behind its target, where fewer than ${reason.limit} are accepted. Rebase it.`;
    case 'method':
      return describeMethodRefusal(reason.choice);
    case 'unmanaged':
      return `its base ${code(reason.branch)} is not a branch I manage.`;
    case 'other':
      return `${plain(reason.text)}.`;
    default:
      return describeCommit(reason);
  }
}

/** A pull request was left out of a staging because of others in it; it is no error, it is tried again (R21). */
export function leftOut(facts: {
  readonly ping: readonly string[];
  readonly files: readonly string[];
  /** The pull requests ahead of it, at least one. */
  readonly others: readonly string[];
}): string {
  const { others, files } = facts;
  const are = others.length === 1 ? 'is' : 'are';
  return `${ping(facts.ping)}I left this out of the running staging: it conflicts${describeFiles(files)} with ${enumerate(others)}, which ${are} ahead of it there. I try again when that staging has ended; if ${others.length === 1 ? 'it lands' : 'they land'}, this will need a rebase.`;
}

/** A pull request left its staging because it changed (spec 11.2, row 36). Nobody is called: who changed it is there. */
export function unstaged(facts: {
  readonly staging: number;
  /** What happened, e.g. `acme/app#3 updated by alice`. */
  readonly because: string;
  readonly draft: boolean;
}): string {
  const then = facts.draft
    ? 'It can be staged again when it is ready for review.'
    : 'It can be staged again when it is approved anew.';
  return `This has left staging ${facts.staging}: ${plain(facts.because)}. ${then}`;
}

function describeFiles(files: readonly string[]): string {
  const shown = files.slice(0, 10).map(code);
  const more =
    files.length > shown.length ? ` and ${count(files.length - shown.length, 'more file')}` : '';
  return shown.length === 0 ? '' : ` in ${shown.join(', ')}${more}`;
}

function describeMethodRefusal({
  reason,
  commits,
  limit,
}: Extract<MethodChoice, { kind: 'refused' }>): string {
  if (reason === 'no-commits')
    return 'all its commits are in its target already. If they were reverted there, recreate them (`git rebase --force-rebase`).';
  if (reason === 'too-many-commits')
    return `it has ${commits} commits, and GitHub lists no more than ${limit} of a pull request.`;
  return `it has ${commits} commits, too many to rebase (${limit} at most). Choose another merge method.`;
}

type CommitReason = Extract<UnableReason, { commit: CommitName }>;

function describeCommit(reason: CommitReason): string {
  const commit = `${reason.commit.sha.slice(0, 12)} (${plain(reason.commit.subject)})`;
  switch (reason.kind) {
    case 'becomes-empty':
      return `${commit} has nothing left to change after the rebase; it has probably landed already. Rebase and drop it.`;
    case 'merge-in-rebase':
      return `${commit} is a merge, which a rebase cannot keep. Take it out of the branch, or choose ${code('merge')}.`;
    case 'several-merge-parents':
      return `${commit} merges more than one commit from outside, which I cannot repeat on the target.`;
    case 'commit':
      return `${commit} ${COMMIT_REFUSALS[reason.refusal]}`;
  }
}

const COMMIT_REFUSALS: Readonly<Record<CommitRefusal, string>> = {
  'missing-email': 'has no e-mail address for its author or committer. Amend it.',
  'unfinished-subject': 'is marked to be folded into another commit. Rebase with `--autosquash`.',
  'conflict-markers': 'still holds the markers of an unresolved conflict. Resolve it.',
};

/** Staging a batch failed in CI, and this pull request is to blame, or its batch. */
export function stagingFailed(facts: {
  readonly ping: readonly string[];
  readonly bot: string;
  /** All that failed; the repository is named where it is another one. */
  readonly failures: readonly {
    readonly context: string;
    readonly url: string | null;
    readonly repository: string | null;
    readonly sha: string;
  }[];
}): string {
  const retry = `Push a fix and have it approved again, or say ${code(`@${facts.bot} retry`)} if the failure has nothing to do with it.`;
  if (facts.failures.length === 0)
    return `${ping(facts.ping)}staging this failed for an unknown reason. ${retry}`;
  const lines = facts.failures.map(
    (one) =>
      `${checkLinks([one])} on ${one.repository === null ? '' : `${one.repository} `}${one.sha.slice(0, 12)}`,
  );
  return paragraphs(`${ping(facts.ping)}staging this failed:`, bullets(lines), retry);
}

/** A staging of this batch alone took too long. A time-out proves nothing, and is not worded as if. */
export function stagingTimedOut(facts: {
  readonly ping: readonly string[];
  readonly bot: string;
  /** How long it really ran. */
  readonly durationMs: number;
  /** Contexts that never reported (R11). */
  readonly missing: readonly string[];
  /** Contexts that were still running. */
  readonly running: readonly string[];
}): string {
  const never =
    facts.missing.length === 0 ? '' : ` ${enumerate(facts.missing.map(code))} never reported.`;
  const still =
    facts.running.length === 0 ? '' : ` ${enumerate(facts.running.map(code))} had not finished.`;
  return `${ping(facts.ping)}staging this timed out after ${minutes(facts.durationMs)}.${never}${still} Check on CI, then say ${code(`@${facts.bot} retry`)}.`;
}

/** For administrators: a staging branch could not be pushed. */
export function stagingPushRefused(facts: {
  readonly ping: readonly string[];
  readonly repository: string;
  readonly branch: string;
  readonly output: string;
}): string {
  return paragraphs(
    `${ping(facts.ping)}pushing the staging branch of ${code(facts.branch)} to ${facts.repository} was refused, so I turned staging off there. Turn it on again when the cause is gone.`,
    block(facts.output),
  );
}

/** What is written into the merge commit's deployment at GitHub. */
export function deploymentDescription(facts: {
  readonly branch: string;
  readonly sha: string;
}): string {
  return `merged to ${facts.branch} at ${facts.sha.slice(0, 12)}`;
}

/** A merged pull request is not closed at GitHub yet; shown on pages. */
export function closingWaits(facts: {
  readonly landedUrl: string | null;
  readonly sha: string;
}): string {
  return `merged at ${link(facts.sha.slice(0, 12), facts.landedUrl)}; closing waits for feedback`;
}
