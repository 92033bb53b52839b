import type { EntityManager } from 'typeorm';
import { isSha } from '../lib/ids.ts';
import { Branch } from '../models/branch.ts';
import { Project } from '../models/project.ts';
import { PullRequest } from '../models/pull-request.ts';
import type { BranchRemoval } from '../models/queues.ts';
import { Repository } from '../models/repository.ts';
import { judgeRemoval } from '../rules/branch-removal.ts';
import { splitLabel } from '../rules/names.ts';
import { portRemote } from './publish.ts';
import type { Finish, Run } from '../world.ts';

interface Subject {
  readonly pull: PullRequest;
  readonly repository: Repository;
  readonly project: Project;
  readonly owner: string;
  readonly branch: string;
  readonly endedAt: Date;
}

/**
 * Deletes the head branch of a pull request that ended long enough ago, where the bot's own ports are pushed and nowhere
 * else, and only if it is as the pull request left it (forwardport spec 18). What is kept once is kept for good.
 */
export async function removeBranch(run: Run, row: BranchRemoval, finish: Finish): Promise<void> {
  const subject = await run.transaction((tx) => readSubject(tx, row));
  if (subject) await removeIfOurs(run, subject);
  await finish();
}

/** Null when the branch is in use: by an open pull request, or as a branch that is managed. */
async function readSubject(tx: EntityManager, row: BranchRemoval): Promise<Subject | null> {
  const pull = await tx.findOneByOrFail(PullRequest, { id: row.pullRequestId });
  const repository = await tx.findOneByOrFail(Repository, { id: pull.repositoryId });
  const project = await tx.findOneByOrFail(Project, { id: repository.projectId });
  const label = splitLabel(pull.headLabel);
  if (!label) return null;
  const rows = await tx.query<unknown[]>(
    `select 1 from pull_request p where p.head_label = $1 and p.state not in ('merged', 'closed')`,
    [pull.headLabel],
  );
  const managed = await tx.existsBy(Branch, { projectId: project.id, name: label.branch });
  if (rows.length > 0 || managed) return null;
  return { pull, repository, project, ...label, endedAt: pull.stateSince };
}

async function removeIfOurs(run: Run, subject: Subject): Promise<void> {
  const { pull, repository, project, branch } = subject;
  const [remoteOwner = ''] = (repository.forwardportRemote ?? repository.name).split('/');
  const facts = {
    state: pull.state === 'merged' || pull.state === 'closed' ? pull.state : ('open' as const),
    endedAt: subject.endedAt,
    now: run.now,
    afterMs: 0, // the row was queued with its delay
    owner: subject.owner,
    remoteOwner,
    head: pull.head,
  };
  const first = judgeRemoval({ ...facts, branchHead: pull.head });
  if (first.kind !== 'remove') return;
  const remote = await portRemote(run, project, repository);
  const branchHead = (await remote.remoteHeads([branch])).get(branch) ?? null;
  const verdict = judgeRemoval({ ...facts, branchHead });
  const about = { repository: repository.name, pull: pull.number, branch };
  if (verdict.kind !== 'remove' || !isSha(verdict.expected)) {
    run.world.log.debug({ ...about, verdict }, 'branch is kept');
    return;
  }
  const outcome = await remote.push([{ branch, sha: null, lease: verdict.expected }]);
  if (outcome.kind === 'unknown') throw new Error(`no answer about ${branch}: ${outcome.detail}`);
  run.world.log.info({ ...about, outcome: outcome.kind }, 'branch removed, unless it was refused');
}
