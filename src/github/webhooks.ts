import { z } from 'zod';
import type { RepositoryName, Sha } from '../lib/ids.ts';
import type { Account, Comment, PullRequestSummary, Review, StatusReport } from './facts.ts';
import { parseJson } from './json.ts';
import { account, id, objectId, repositoryName, text } from './read.ts';
import {
  checkRunShape,
  commentShape,
  pullRequestShape,
  reviewShape,
  statusShape,
} from './shapes.ts';

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

const sent = {
  repository: z
    .object({ id, full_name: repositoryName })
    .transform(({ id, full_name }) => ({ id, name: full_name })),
  sender: account,
};
const acted = { ...sent, action: text };
const previousText = z
  .object({ from: text.nullish() })
  .nullish()
  .transform((change) => change?.from ?? null);
/** GitHub writes zeros for "no commit". */
const commitOrNone = objectId.transform((sha) => (/^0+$/.test(sha) ? null : sha));

const pullRequest = z
  .object({
    ...acted,
    pull_request: pullRequestShape,
    changes: z
      .object({
        title: previousText,
        body: previousText,
        base: z.object({ ref: previousText }).nullish(),
      })
      .nullish(),
    label: z.object({ name: text }).nullish(),
  })
  .transform(({ pull_request, changes, label, ...rest }): PullRequestEvent => ({
    event: 'pull_request',
    ...rest,
    pullRequest: pull_request,
    previous: {
      title: changes?.title ?? null,
      body: changes?.body ?? null,
      base: changes?.base?.ref ?? null,
    },
    label: label?.name ?? null,
  }));

const issueComment = z
  .object({
    ...acted,
    issue: z.object({ number: id, pull_request: z.object({}).nullish() }),
    comment: commentShape,
  })
  .transform(({ issue, ...rest }): IssueCommentEvent => ({
    event: 'issue_comment',
    ...rest,
    number: issue.number,
    isPullRequest: issue.pull_request != null,
  }));

const pullRequestReview = z
  .object({ ...acted, pull_request: z.object({ number: id }), review: reviewShape })
  .transform(({ pull_request, ...rest }): PullRequestReviewEvent => ({
    event: 'pull_request_review',
    ...rest,
    number: pull_request.number,
  }));

const status = z
  .object({ ...sent, sha: objectId })
  .and(statusShape.transform((report) => ({ report })))
  .transform((read): StatusEvent => ({ event: 'status', ...read }));

const checkSuite = z
  .object({ ...acted, check_suite: z.object({ head_sha: objectId }) })
  .transform(({ check_suite, ...rest }): CheckSuiteEvent => ({
    event: 'check_suite',
    ...rest,
    sha: check_suite.head_sha,
  }));

const push = z
  .object({ ...sent, ref: text, before: commitOrNone, after: commitOrNone, forced: z.boolean() })
  .transform((read): PushEvent => ({ event: 'push', ...read }));

const ping = z
  .object({ hook_id: id.nullish() })
  .transform(({ hook_id }): PingEvent => ({ event: 'ping', hookId: hook_id ?? null }));

/** A queued check run has no time of its own yet: it is as new as its delivery. */
function checkRun(receivedAt: Date) {
  return z
    .object({ ...acted, check_run: checkRunShape })
    .transform(({ check_run, ...rest }): CheckRunEvent => ({
      event: 'check_run',
      ...rest,
      sha: check_run.sha,
      report: { ...check_run.report, at: check_run.at ?? receivedAt },
    }));
}

function shapeOf(event: string, receivedAt: Date): z.ZodType<WebhookEvent> | null {
  switch (event) {
    case 'pull_request':
      return pullRequest;
    case 'issue_comment':
      return issueComment;
    case 'pull_request_review':
      return pullRequestReview;
    case 'status':
      return status;
    case 'check_run':
      return checkRun(receivedAt);
    case 'check_suite':
      return checkSuite;
    case 'push':
      return push;
    case 'ping':
      return ping;
    default:
      return null;
  }
}

/**
 * Reads a delivery whose signature was good. Never throws, whatever the bytes are.
 *
 * @param delivery.event `X-GitHub-Event`.
 */
export function parseWebhook(delivery: {
  readonly event: string;
  readonly body: Uint8Array;
  readonly receivedAt: Date;
}): ParsedWebhook {
  const shape = shapeOf(delivery.event, delivery.receivedAt);
  if (shape === null) return { kind: 'ignored' };
  const json = parseJson(delivery.body);
  if (json.kind === 'refused') return json;
  const read = shape.safeParse(json.value);
  if (read.success) return { kind: 'event', event: read.data };
  const detail = z.prettifyError(read.error).replace(/\s+/g, ' ').slice(0, 500);
  return { kind: 'refused', detail };
}
