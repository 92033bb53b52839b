import type { GitHub } from '../github/gateway.ts';
import { TryLater } from '../lib/try-later.ts';
import { deploymentDescription } from '../messages/staging.ts';
import type { Feedback } from '../models/queues.ts';
import { withMarker, markerOf } from './marker.ts';
import { type Done, settle, settleFailure } from './outcome.ts';

/** GitHub shows a new comment in lists some seconds late; before that, looking would prove nothing (reliability P2). */
const SETTLING_MS = 10_000;
/** All of them: GitHub compares with its own clock, and ours may be wrong by hours (I-31). */
const EVER = new Date(0);
const ENVIRONMENT = 'merge';

/** One queued thing, and what it takes to do it once. */
export interface Sending {
  readonly row: Feedback;
  /** `owner/name`. */
  readonly repository: string;
  readonly github: GitHub;
  readonly now: Date;
  /** Branch the pull request goes to. */
  readonly target: string;
  /** Numeric id of the account that speaks: a marker in somebody else's comment proves nothing. */
  readonly ownId: () => Promise<string>;
  /** Address of a commit's page, for people. */
  readonly commitUrl: (sha: string) => string;
  /** Commits `sent_at`: from now on the request may have reached GitHub. */
  readonly markSent: () => Promise<void>;
}

/**
 * Does at GitHub what a row asks for. Comments and deployments appear exactly once, whatever was lost on the way: when an
 * earlier try may have reached GitHub, its effect is looked for first.
 *
 * @throws {@link TryLater} when the row has to wait, {@link GiveUp} when GitHub refuses.
 */
export async function send(sending: Sending): Promise<Done> {
  try {
    return await perform(sending);
  } catch (error) {
    return settleFailure(error);
  }
}

function perform(sending: Sending): Promise<Done> {
  switch (sending.row.kind) {
    case 'comment':
      return comment(sending);
    case 'close':
      return close(sending);
    case 'react':
      return react(sending);
    case 'deploy':
      return deploy(sending);
    case 'retarget':
      return retarget(sending);
  }
}

async function comment(sending: Sending): Promise<Done> {
  const { row, repository, github } = sending;
  if (await isSaid(sending)) return 'done';
  await sending.markSent();
  await github.comment(repository, row.number, withMarker(row.payload.text ?? '', row.key));
  return 'done';
}

/** Whether an earlier try did reach GitHub. */
async function isSaid(sending: Sending): Promise<boolean> {
  const { row, repository, github } = sending;
  if (row.sentAt === null) return false;
  waitToSettle(sending, row.sentAt);
  const comments = await github.commentsSince(repository, row.number, EVER);
  const marked = comments.filter((one) => one.body.trimEnd().endsWith(markerOf(row.key)));
  if (marked.length === 0) return false;
  const ownId = await sending.ownId();
  return marked.some((one) => String(one.author?.id) === ownId);
}

function waitToSettle({ now }: Sending, sentAt: Date): void {
  const afterMs = sentAt.getTime() + SETTLING_MS - now.getTime();
  if (afterMs > 0) throw new TryLater('what was sent may not show yet', { afterMs, counts: false });
}

/** Closing a closed pull request is done too; GitHub may refuse it all the same for a merged one. */
async function close({ row, repository, github }: Sending): Promise<Done> {
  const outcome = await github.closePullRequest(repository, row.number);
  if (outcome.kind !== 'refused') return settle(outcome);
  const pull = await github.pullRequest(repository, row.number);
  if (pull.kind === 'missing') return 'gone';
  return pull.state === 'open' ? settle(outcome) : 'done';
}

/** GitHub keeps one reaction of a kind per account. Comments have numbers; a review has a global id only. */
async function react({ row, repository, github }: Sending): Promise<Done> {
  const { commentId = '', reaction = '+1' } = row.payload;
  const subject = /^\d+$/.test(commentId)
    ? ({ kind: 'comment', id: commentId } as const)
    : ({ kind: 'review', nodeId: commentId } as const);
  return settle(await github.react(repository, subject, reaction));
}

async function retarget({ row, repository, github }: Sending): Promise<Done> {
  return settle(await github.retarget(repository, row.number, row.payload.base ?? ''));
}

/** The trace of a landing on the pull request: a deployment of its head that leads to the landed commit (spec 6.5). */
async function deploy(sending: Sending): Promise<Done> {
  const { repository, github } = sending;
  const { sha = '' } = sending.row.payload;
  const description = deploymentDescription({ branch: sending.target, sha });
  const id = (await findDeployment(sending)) ?? (await createDeployment(sending, description));
  const url = sending.commitUrl(sha);
  await github.createDeploymentStatus(repository, id, { state: 'success', url, description });
  return 'done';
}

async function findDeployment(sending: Sending): Promise<number | null> {
  const { row, repository, github } = sending;
  if (row.sentAt === null) return null;
  waitToSettle(sending, row.sentAt);
  const filter = { sha: row.payload.head ?? '', environment: ENVIRONMENT };
  const found = await github.findDeployments(repository, filter);
  return found[0]?.id ?? null;
}

async function createDeployment(sending: Sending, description: string): Promise<number> {
  await sending.markSent();
  const ref = sending.row.payload.head ?? '';
  const wanted = { ref, environment: ENVIRONMENT, description };
  return (await sending.github.createDeployment(sending.repository, wanted)).id;
}
