import type { EntityManager } from 'typeorm';
import { say } from '../feedback/say.ts';
import { pullName, repositoriesById } from '../ledger/facts.ts';
import { pingsOf } from '../ledger/pings.ts';
import { cancelStaging } from '../ledger/stagings.ts';
import { branchDisabled } from '../messages/pull-request.ts';
import { Branch } from '../models/branch.ts';
import { PullRequest } from '../models/pull-request.ts';
import { Staging } from '../models/staging.ts';
import type { Run } from '../world.ts';

/**
 * Ends what is left on disabled branches (spec 8.5): a running staging is cancelled, and everybody with an open pull request
 * there is told once. The pull requests stay open; where ports go on, that is for the porting cron.
 */
export async function retireBranches(run: Run): Promise<void> {
  for (const branch of await run.world.db.manager.findBy(Branch, { active: false })) {
    if (!(await run.mayGoOn())) return;
    await run.transaction(async (tx) => {
      for (const staging of await tx.findBy(Staging, { branchId: branch.id, active: true })) {
        await cancelStaging(tx, staging.id, {
          reason: `${branch.name} was disabled`,
          now: run.now,
        });
      }
      await tellPeople(tx, branch, run.now);
    });
  }
}

async function tellPeople(tx: EntityManager, branch: Branch, now: Date): Promise<void> {
  const open = await tx.findBy(PullRequest, { targetId: branch.id, closed: false });
  const waiting = open.filter((pull) => pull.mergedSha === null);
  const repositories = await repositoriesById(
    tx,
    waiting.map((pull) => pull.repositoryId),
  );
  for (const pull of waiting) {
    const repository = repositories.get(pull.repositoryId);
    if (!repository) throw new Error('every pull request has a repository');
    await say(tx, {
      at: pull,
      key: `branch-disabled/${pullName(repository, pull)}/${branch.name}`,
      text: branchDisabled({
        ping: await pingsOf(tx, pull),
        branch: branch.name,
        nextBranch: pull.sourceId === null ? null : await nextBranch(tx, branch),
      }),
      now,
    });
  }
}

/** Where the chain of a port goes on. */
async function nextBranch(tx: EntityManager, branch: Branch): Promise<string | null> {
  const rows = await tx.query<{ name: string }[]>(
    'select name from branch where project_id = $1 and sequence > $2 and active order by sequence limit 1',
    [branch.projectId, branch.sequence],
  );
  return rows[0]?.name ?? null;
}
