import type { EntityManager } from 'typeorm';
import type { PullRequestEvent } from '../github/webhook-events.ts';
import { managedBranch } from '../ledger/facts.ts';
import { isLanding } from '../ledger/landing.ts';
import { Project } from '../models/project.ts';
import { PullRequest } from '../models/pull-request.ts';
import type { Repository } from '../models/repository.ts';

/**
 * Whether a pull request that GitHub shows as closed may have landed without the records knowing it (I-49): the bot itself
 * closed it, or whoever did so went unheard. Then it is read before it is recorded, and the target asked. A person who
 * closes it is believed.
 */
export async function mayHaveLanded(
  tx: EntityManager,
  { event, repository }: { event: PullRequestEvent; repository: Repository },
): Promise<boolean> {
  const { action, pullRequest, sender } = event;
  if (pullRequest.state === 'open') return false;
  const { ownIds } = await tx.findOneByOrFail(Project, { id: repository.projectId });
  if (action === 'closed' && sender && !ownIds.includes(String(sender.id))) return false;
  const { number } = pullRequest;
  const known = await tx.findOneBy(PullRequest, { repositoryId: repository.id, number });
  if (!known) return (await managedBranch(tx, repository, pullRequest.base.branch)) !== null;
  if (known.closed || known.mergedSha !== null || known.targetId === null) return false;
  return pullRequest.updatedAt >= known.githubUpdatedAt && !(await isLanding(tx, known.batchId));
}
