import type { Done } from '../feedback/outcome.ts';
import { send } from '../feedback/send.ts';
import { Feedback } from '../models/queues.ts';
import { PullRequest } from '../models/pull-request.ts';
import { repositoryNames } from '../models/queries/repository-names.ts';
import { LINES } from '../triggers/table.ts';
import type { Run } from '../world.ts';
import { drain, type Queue } from './drain.ts';
import { USUAL_RETRY } from './usual-retry.ts';

/** What is said about one pull request keeps its order; rows stay as the record that their key was used. */
const feedbackQueue: Queue<Feedback> = {
  table: 'feedback',
  entity: Feedback,
  keeps: true,
  lineOf: LINES.feedback,
  ...USUAL_RETRY,
};

/** Says and does at GitHub what was queued, oldest first. */
export function sendFeedback(run: Run): Promise<void> {
  return drain(run, feedbackQueue, async (row, finish) => {
    const done = await sendRow(run, row);
    if (done === 'gone') {
      const { repositoryId, number, key } = row;
      run.world.log.info({ repositoryId, number, key }, 'not said: GitHub no longer has the place');
    }
    await finish();
  });
}

async function sendRow(run: Run, row: Feedback): Promise<Done> {
  const { world } = run;
  const { repository, project } = await repositoryNames(world.db.manager, row.repositoryId);
  return send({
    row,
    repository,
    github: world.github(project, row.account),
    now: run.now,
    target: await targetOf(run, row),
    ownId: async () => (await world.identity(project, row.account)).id,
    commitUrl: (sha) => `${world.webUrl}/${repository}/commit/${sha}`,
    markSent: () => markSent(run, row),
  });
}

async function targetOf(run: Run, { repositoryId, number }: Feedback): Promise<string> {
  const pull = await run.world.db.manager.findOneBy(PullRequest, { repositoryId, number });
  return pull?.base ?? '';
}

async function markSent(run: Run, row: Feedback): Promise<void> {
  await run.transaction((tx) => tx.update(Feedback, row.id, { sentAt: run.now }));
}
