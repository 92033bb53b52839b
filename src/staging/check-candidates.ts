import { IsNull } from 'typeorm';
import { say } from '../feedback/say.ts';
import type { PullRequest as GitHubPull } from '../github/facts.ts';
import { pullName } from '../ledger/facts.ts';
import { pingsOf } from '../ledger/pings.ts';
import { recordPullRequest } from '../ledger/record.ts';
import { type MissedChange, mismatch } from '../messages/pull-request.ts';
import type { Project } from '../models/project.ts';
import type { PullRequest } from '../models/pull-request.ts';
import { FetchJob } from '../models/queues.ts';
import { usesPullRequestText } from '../rules/merge-method.ts';
import type { Run } from '../world.ts';
import type { Candidate } from './candidate.ts';

/**
 * Asks GitHub whether the pull requests still are what was approved: a lost webhook must not land what nobody saw (spec
 * 5.5). What differs is recorded, which drops the approval, and told.
 *
 * @returns the candidates, each with the issues that GitHub links to it; null when one is not what was approved.
 */
export async function checkCandidates(
  run: Run,
  { project, candidates }: { project: Project; candidates: readonly Candidate[] },
): Promise<Candidate[] | null> {
  const checked: Candidate[] = [];
  for (const candidate of candidates) {
    const { repository, pull } = candidate;
    const now = await run.world.github(project.name).pullRequest(repository.name, pull.number);
    if (now.kind === 'missing') {
      run.world.log.warn(
        { repository: repository.name, pullRequest: pull.number },
        'pull request is gone',
      );
    } else {
      const differing = differences(pull, now);
      if (now.state !== 'open') await readClosed(run, candidate);
      else if (differing.length > 0) await recordMismatch(run, { candidate, now, differing });
      if (differing.length === 0 && now.state === 'open')
        checked.push({ ...candidate, linkedIssues: now.closes });
    }
  }
  return checked.length === candidates.length ? checked : null;
}

function differences(pull: PullRequest, now: GitHubPull): MissedChange[] {
  const all: MissedChange[] = [
    { property: 'head', before: pull.head, after: now.head.sha },
    { property: 'target', before: pull.base, after: now.base.branch },
  ];
  if (usesPullRequestText(pull.mergeMethod)) {
    all.push({ property: 'message', before: textOf(pull), after: textOf(now) });
  }
  return all.filter((one) => one.before !== one.after);
}

/** GitHub sends either kind of line end, depending on where the text was written. */
function textOf({ title, body }: { title: string; body: string }): string {
  return `${title}\n\n${body}`.replaceAll('\r\n', '\n').trim();
}

async function recordMismatch(
  run: Run,
  {
    candidate,
    now,
    differing,
  }: { candidate: Candidate; now: GitHubPull; differing: MissedChange[] },
): Promise<void> {
  const { pull, repository } = candidate;
  const name = pullName(repository, pull);
  await run.transaction(async (tx) => {
    const ping = await pingsOf(tx, pull);
    await recordPullRequest(tx, factsOf({ repository, pull: now }, pull), run.now);
    const key = `mismatch/${name}/${now.head.sha}/${now.updatedAt.toISOString()}`;
    await say(tx, { at: pull, key, text: mismatch({ ping, changes: differing }), now: run.now });
  });
  run.world.log.info(
    { pullRequest: name, differing: differing.map((one) => one.property) },
    'missed updates found',
  );
}

/** Closed without our hearing of it: it is read, which finds out whether it landed (I-49). */
function readClosed(run: Run, { pull: { repositoryId, number } }: Candidate): Promise<void> {
  return run.transaction(async (tx) => {
    if (await tx.existsBy(FetchJob, { repositoryId, number, personId: IsNull(), deadAt: IsNull() }))
      return;
    await tx.insert(FetchJob, { repositoryId, number, queuedAt: run.now });
  });
}

/** What GitHub says of a pull request; the head label of a deleted fork is what it was. */
export function factsOf(
  { repository, pull }: { readonly repository: { readonly id: number }; readonly pull: GitHubPull },
  known: Pick<PullRequest, 'headLabel'> | null,
): Parameters<typeof recordPullRequest>[1] {
  return {
    repositoryId: repository.id,
    number: pull.number,
    title: pull.title,
    body: pull.body,
    closed: pull.state !== 'open',
    draft: pull.draft,
    head: pull.head.sha,
    headLabel: pull.head.label ?? known?.headLabel ?? pull.head.branch,
    base: pull.base.branch,
    author: pull.author && { id: String(pull.author.id), login: pull.author.login },
    commitCount: pull.commitCount,
    createdAt: pull.createdAt,
    updatedAt: pull.updatedAt,
  };
}
