import { z } from 'zod';
import { parseJson } from './json.ts';
import { account, id, objectId, repositoryName, text } from './read.ts';
import {
  checkRunShape,
  commentShape,
  pullRequestShape,
  reviewShape,
  statusShape,
} from './shapes.ts';
import type {
  CheckRunEvent,
  CheckSuiteEvent,
  IssueCommentEvent,
  ParsedWebhook,
  PingEvent,
  PullRequestEvent,
  PullRequestReviewEvent,
  PushEvent,
  StatusEvent,
  WebhookEvent,
} from './webhook-events.ts';

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
