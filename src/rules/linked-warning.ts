import { isOpen } from './pull-request.ts';
import type { PullRequestState } from './pull-request.ts';
import type { StatusState } from './status.ts';

/** A pull request of a batch, as far as a warning follows from it. */
export interface LinkedPullRequest {
  /** `owner/repo#n`. */
  readonly name: string;
  readonly state: PullRequestState;
  readonly draft: boolean;
  readonly approved: boolean;
  readonly status: StatusState;
  /** Since when it has been in its state. */
  readonly since: Date;
  /** Warned before: once is enough. */
  readonly warned: boolean;
}

/** What is due for a batch. */
export type LinkedWarning =
  | { readonly kind: 'none' }
  | { readonly kind: 'later'; readonly at: Date }
  | {
      readonly kind: 'now';
      /** Names of the ready ones that are to be told. */
      readonly tell: readonly string[];
      readonly waiting: readonly { readonly name: string; readonly phrase: string }[];
    };

const MINUTE_MS = 60_000;
/** Reviewers approve linked pull requests one after the other. */
const REVIEW_PATIENCE_MS = 10 * MINUTE_MS;
/** Approved all, and CI is at work: nobody has to do anything for a while (spec 4.5). */
const CI_PATIENCE_MS = 60 * MINUTE_MS;

/**
 * Decides when the ready pull requests of a batch are told that linked ones hold them up (spec 4.5): at once when one of
 * those needs somebody's hands, otherwise when review or CI take long. Each is told once, and again when
 * a linked one could not be merged.
 */
export function linkedWarning(pulls: readonly LinkedPullRequest[], now: Date): LinkedWarning {
  const open = pulls.filter((pull) => isOpen(pull.state));
  const waiting = open.filter((pull) => pull.state !== 'ready' || pull.draft);
  const ready = open.filter((pull) => !waiting.includes(pull));
  const tell = ready.filter((pull) => !pull.warned);
  if (waiting.length === 0 || tell.length === 0) return { kind: 'none' };
  const readySince = Math.max(...ready.map((pull) => pull.since.getTime()));
  const at = new Date(readySince + Math.min(...waiting.map(patienceMs)));
  if (at > now) return { kind: 'later', at };
  return {
    kind: 'now',
    tell: tell.map((pull) => pull.name),
    waiting: waiting.map((pull) => ({ name: pull.name, phrase: phraseOf(pull) })),
  };
}

function patienceMs(pull: LinkedPullRequest): number {
  if (pull.state === 'error' || pull.draft || pull.status === 'failure') return 0;
  return pull.approved ? CI_PATIENCE_MS : REVIEW_PATIENCE_MS;
}

function phraseOf(pull: LinkedPullRequest): string {
  if (pull.state === 'error') return 'could not be merged';
  if (pull.draft) return 'is a draft';
  const lacks = [
    pull.approved ? null : 'a review',
    pull.status === 'success' ? null : pull.status === 'failure' ? 'a green CI' : 'CI',
  ].filter((lack) => lack !== null);
  return `waits for ${lacks.join(' and ')}`;
}
