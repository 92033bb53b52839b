import { closeFixedIssue } from '../feedback/close-issue.ts';
import { IssueJob } from '../models/queues.ts';
import { repositoryNames } from '../models/queries/repository-names.ts';
import type { Run } from '../world.ts';
import { drain, type Queue } from './drain.ts';
import { USUAL_RETRY } from './usual-retry.ts';

const issueQueue: Queue<IssueJob> = {
  table: 'issue_job',
  entity: IssueJob,
  ...USUAL_RETRY,
};

/** Closes the issues that landed changes fix (spec 5.12). */
export function closeIssues(run: Run): Promise<void> {
  return drain(run, issueQueue, async (row, finish) => {
    const names = await repositoryNames(run.world.db.manager, row.repositoryId);
    await closeFixedIssue(run.world.github(names.project), names.repository, row.number);
    await finish();
  });
}
