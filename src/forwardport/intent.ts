import type { EntityManager } from 'typeorm';
import type { Batch } from '../models/batch.ts';
import type { Branch } from '../models/branch.ts';
import { Port } from '../models/port.ts';
import { ForwardportJob } from '../models/queues.ts';
import { portBranch, splitLabel } from '../rules/names.ts';
import type { Kin } from './family.ts';

/** A port to be made: its row, and what it is made from. */
export interface Intent extends Kin {
  readonly port: Port;
}

/** What is ported where, as a unit. */
interface Order {
  readonly batch: Batch;
  readonly target: Branch;
  readonly pulls: readonly Kin[];
  /** The one name for all repositories, which makes a batch of them again. Left out: made of the batch. */
  readonly branch?: string;
}

/**
 * Writes down what is about to be done, before any of it is (reliability P3). A pull request which has its port already, or
 * whose port belongs to another job, is left out; a row that gave a reason for none is taken up again.
 */
export async function writeIntents(tx: EntityManager, order: Order): Promise<Intent[]> {
  const { batch, target, pulls, branch = nameFor(order) } = order;
  const intents: Intent[] = [];
  for (const kin of pulls) {
    const { source, pull, repository } = kin;
    const fresh = {
      fromId: pull.id,
      fromBatchId: batch.id,
      repositoryId: repository.id,
      state: 'planned' as const,
      branch,
    };
    const place = { sourceId: source.id, targetId: target.id };
    await tx
      .createQueryBuilder()
      .insert()
      .into(Port)
      .values({ ...place, ...fresh })
      .orIgnore()
      .execute();
    const port = await tx.findOneByOrFail(Port, place);
    if (port.state === 'opened' || (await belongsToOther(tx, port, batch))) continue;
    const again = port.state === 'skipped' || port.fromBatchId !== batch.id;
    if (again)
      await tx.update(Port, port.id, { ...fresh, reason: null, ...madeBefore(port, branch) });
    intents.push({ ...kin, port: again ? await tx.findOneByOrFail(Port, place) : port });
  }
  return intents;
}

/** Under the same name the same commits: they may be on the remote, where nothing else is put in their place. */
function madeBefore({ branch, head, commitCount, conflict }: Port, wanted: string): Partial<Port> {
  if (branch === wanted) return { head, commitCount, conflict };
  return { head: null, commitCount: 0, conflict: null };
}

/** One name for the whole batch: made of its id, so that a second try makes the same (contract 6). */
function nameFor({ batch, target, pulls }: Order): string {
  const label = pulls[0]?.source.label ?? batch.label;
  const sourceHeadBranch = splitLabel(label)?.branch ?? label;
  return portBranch({ target: target.name, sourceHeadBranch, batchId: batch.id });
}

async function belongsToOther(tx: EntityManager, port: Port, batch: Batch): Promise<boolean> {
  if (port.state === 'skipped' || port.fromBatchId === batch.id) return false;
  return tx.existsBy(ForwardportJob, { batchId: port.fromBatchId });
}

/**
 * Stores the reason why a source has no port on a branch (R28). A port that exists or that a job works on stays; one that
 * was begun and left is ended by it.
 */
export async function storeReason(
  tx: EntityManager,
  { kin, batchId, target }: { kin: Kin; batchId: number; target: Branch },
  reason: string,
): Promise<void> {
  await tx.query(
    `insert into port (source_id, target_id, from_id, from_batch_id, repository_id, state, reason, branch)
      values ($1, $2, $3, $4, $5, 'skipped', $6, '')
      on conflict (source_id, target_id) do update set state = 'skipped', reason = excluded.reason
        where port.state in ('planned', 'pushed')
          and not exists (select from forwardport_job j where j.batch_id = port.from_batch_id)`,
    [kin.source.id, target.id, kin.pull.id, batchId, kin.repository.id, reason],
  );
}
