import type { EntityManager } from 'typeorm';
import { expectSaid } from '../feedback/say.ts';
import type { PullRequest as GitHubPullRequest, StatusReport } from '../github/facts.ts';
import { postpone } from '../github/postpone.ts';
import { recordPullRequest } from '../ledger/record.ts';
import { recordStatuses } from '../ledger/record-statuses.ts';
import { TryLater } from '../lib/try-later.ts';
import { PullRequest } from '../models/pull-request.ts';
import { repositoryNames } from '../models/queries/repository-names.ts';
import { releaseWords } from '../models/queries/waiting-words.ts';
import type { FetchJob } from '../models/queues.ts';
import type { Finish, Run } from '../world.ts';
import { answerAsker } from './answer.ts';
import { pullFacts } from './facts.ts';
import { fetchPermission } from './permission.ts';

/** GitHub answers 404 for some seconds after it has told of a pull request (reliability F-057). */
const PATIENCE_MS = [1_000, 5_000, 15_000, 60_000];
const LANDING_PAUSE_MS = 10_000;

interface Read {
  readonly pull: GitHubPullRequest;
  readonly reports: readonly StatusReport[];
  /** Of a closed one. */
  readonly landing: Landing | null;
}

/** Records that a pull request has landed. @throws {@link TryLater} when that cannot be told yet. */
type Landing = (tx: EntityManager) => Promise<void>;

/** Finds out of the targets whether a closed pull request landed, though the records do not say so (I-49). */
export type RecallLanding = (
  run: Run,
  closed: { readonly repositoryId: number; readonly pull: GitHubPullRequest },
) => Promise<Landing | null>;

/** What is to be read, and what is done then. */
interface Task {
  readonly job: FetchJob;
  readonly finish: Finish;
  readonly recallLanding: RecallLanding;
}

/**
 * Reads a pull request and what CI says of its head, and makes the record equal to it: the cure for every missed webhook.
 * Who asked for it gets an answer. The commands of a live comment are not read here: the comment itself waits until the
 * pull request is known, or its author's rights are.
 *
 * @throws {@link TryLater} while GitHub does not show it, or its landing is under way.
 */
export async function fetchPullRequest(run: Run, task: Task): Promise<void> {
  const { job, finish } = task;
  if (job.personId !== null) return fetchPermission(run, { job, personId: job.personId, finish });
  const read = await readPull(run, task);
  if (read) return finish((tx) => record(tx, { job, read, now: run.now }));
  const afterMs = PATIENCE_MS[job.attempts - 1];
  if (afterMs !== undefined)
    throw new TryLater('GitHub does not show it', { afterMs, counts: true });
  const { repositoryId, number } = job;
  run.world.log.info({ repositoryId, number }, 'not read: GitHub has no such pull request');
  await finish((tx) => releaseWords(tx, job, run.now));
}

async function readPull(run: Run, { job, recallLanding }: Task): Promise<Read | null> {
  const read = await readFromGitHub(run, job).catch(postpone);
  if (!read || read.pull.state === 'open') return read && { ...read, landing: null };
  const { repositoryId } = job;
  return { ...read, landing: await recallLanding(run, { repositoryId, pull: read.pull }) };
}

async function readFromGitHub(
  { world }: Run,
  job: FetchJob,
): Promise<Omit<Read, 'landing'> | null> {
  const { repository, project } = await repositoryNames(world.db.manager, job.repositoryId);
  const github = world.github(project);
  const pull = await github.pullRequest(repository, job.number);
  if (pull.kind === 'missing') return null;
  // a closed one waits for no CI: two calls saved
  const reports = pull.state === 'open' ? await github.statuses(repository, pull.head.sha) : [];
  return { pull, reports };
}

async function record(
  tx: EntityManager,
  { job, read, now }: { job: FetchJob; read: Read; now: Date },
): Promise<TryLater | undefined> {
  const { repositoryId, number } = job;
  const facts = pullFacts(repositoryId, read.pull);
  await read.landing?.(tx);
  const known = await tx.findOneBy(PullRequest, { repositoryId, number });
  const recorded = await recordPullRequest(tx, facts, now);
  if (recorded.kind === 'landing')
    return new TryLater('it is just being landed', { afterMs: LANDING_PAUSE_MS, counts: false });
  if (recorded.kind !== 'unmanaged') {
    const commit = { repositoryId, sha: facts.head };
    await recordStatuses(tx, { commit, reports: read.reports }, now);
  }
  if (recorded.kind === 'created' && job.asker === null) await expectSaid(tx, [job], now);
  await answerAsker(tx, { job, reading: { known, facts, recorded } }, now);
  await releaseWords(tx, job, now);
  return undefined;
}
