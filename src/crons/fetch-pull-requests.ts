import { fetchPullRequest } from '../fetch/fetch.ts';
import { FetchJob } from '../models/queues.ts';
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
  return drain(run, fetchQueue, (job, finish) => fetchPullRequest(run, job, finish));
}
