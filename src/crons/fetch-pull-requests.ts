import { fetchPullRequest, type RecallLanding } from '../fetch/fetch.ts';
import { FetchJob } from '../models/queues.ts';
import { recallLanding } from '../staging/recall-landing.ts';
import { recordRecalled } from '../staging/record-recalled.ts';
import type { Run } from '../world.ts';
import { drain, type Queue } from './drain.ts';
import { USUAL_RETRY } from './usual-retry.ts';

const fetchQueue: Queue<FetchJob> = {
  table: 'fetch_job',
  entity: FetchJob,
  ...USUAL_RETRY,
};

/** Reads pull requests that are unknown or doubted. */
export function fetchPullRequests(run: Run): Promise<void> {
  return drain(run, fetchQueue, (job, finish) =>
    fetchPullRequest(run, { job, finish, recallLanding: recall }),
  );
}

/** Reading knows no git, and staging nothing of reading. */
const recall: RecallLanding = async (run, closed) => {
  const recalled = await recallLanding(run, closed);
  return recalled && ((tx) => recordRecalled(tx, recalled, run.now));
};
