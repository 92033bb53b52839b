import type { RepositoryName, Sha } from '../lib/ids.ts';
import type { Account, Comment, PullRequestSummary, Review, StatusReport } from './facts.ts';

/**
 * What the bot reads of GitHub's webhooks: these keys and no others, written by hand. A payload is a hint that
 * something changed; what decides is read again. Addresses in it are never used.
 *
 * @see https://docs.github.com/en/webhooks/webhook-events-and-payloads
 */
export type WebhookEvent =
  | PullRequestEvent
  | IssueCommentEvent
  | PullRequestReviewEvent
  | StatusEvent
  | CheckRunEvent
  | CheckSuiteEvent
  | PushEvent
  | PingEvent;

interface Sent {
  /** Match by id: the name is what it is called now. */
  readonly repository: { readonly id: number; readonly name: RepositoryName };
  /** Who did it; null when the account is gone. */
  readonly sender: Account | null;
}

export interface PullRequestEvent extends Sent {
  readonly event: 'pull_request';
  /** `opened`, `edited`, `closed`, `reopened`, `synchronize`, `converted_to_draft`, … or a word newer than this. */
  readonly action: string;
  readonly pullRequest: PullRequestSummary;
  /** What an edit replaced; null for what it left alone. */
  readonly previous: {
    readonly title: string | null;
    readonly body: string | null;
    readonly base: string | null;
  };
  /** Of `labeled` and `unlabeled`. */
  readonly label: string | null;
}

export interface IssueCommentEvent extends Sent {
  readonly event: 'issue_comment';
  readonly action: string;
  /** Of the issue or pull request. */
  readonly number: number;
  readonly isPullRequest: boolean;
  readonly comment: Comment;
}

export interface PullRequestReviewEvent extends Sent {
  readonly event: 'pull_request_review';
  readonly action: string;
  readonly number: number;
  /** Null while it is not submitted. */
  readonly review: Review | null;
}

export interface StatusEvent extends Sent {
  readonly event: 'status';
  readonly sha: Sha;
  readonly report: StatusReport;
}

export interface CheckRunEvent extends Sent {
  readonly event: 'check_run';
  readonly action: string;
  readonly sha: Sha;
  readonly report: StatusReport;
}

/** Says only that the checks of a commit are worth a look. */
export interface CheckSuiteEvent extends Sent {
  readonly event: 'check_suite';
  readonly action: string;
  readonly sha: Sha;
}

export interface PushEvent extends Sent {
  readonly event: 'push';
  /** Whole: `refs/heads/…` or `refs/tags/…`. */
  readonly ref: string;
  /** Null: the ref is new. */
  readonly before: Sha | null;
  /** Null: the ref is gone. */
  readonly after: Sha | null;
  readonly forced: boolean;
}

export interface PingEvent {
  readonly event: 'ping';
  readonly hookId: number | null;
}

export type ParsedWebhook =
  | { readonly kind: 'event'; readonly event: WebhookEvent }
  /** An event the bot has no use for. */
  | { readonly kind: 'ignored' }
  /** No payload of that event: an operator must look, and what it was about must be read anew. */
  | { readonly kind: 'refused'; readonly detail: string };
