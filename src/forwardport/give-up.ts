import type { EntityManager } from 'typeorm';
import { say } from '../feedback/say.ts';
import { pullName } from '../ledger/facts.ts';
import { portGivenUp } from '../messages/forwardport.ts';
import { Branch } from '../models/branch.ts';
import { Port } from '../models/port.ts';
import type { ForwardportJob } from '../models/queues.ts';
import { kinOfBatch } from './family.ts';

/** Calls the administrators to a batch whose port failed for the last time; the job stays as a dead letter. */
export async function tellGivenUp(
  tx: EntityManager,
  job: ForwardportJob,
  { error, now }: { readonly error: string; readonly now: Date },
): Promise<void> {
  const [kin] = await kinOfBatch(tx, job.batchId);
  if (!kin) return;
  const admins = await tx.query<{ login: string }[]>(
    `select distinct p.login from access_right a join person p on p.id = a.person_id
      where a.kind = 'admin' and a.project_id = $1 order by p.login`,
    [kin.repository.projectId],
  );
  const port = await tx.findOneBy(Port, { sourceId: kin.source.id, fromBatchId: job.batchId });
  const target = port && (await tx.findOneBy(Branch, { id: port.targetId }));
  const text = portGivenUp({
    ping: admins.map((admin) => admin.login),
    source: pullName(kin.repository, kin.source),
    target: target?.name ?? 'the next branch',
    attempts: job.attempts,
    error,
  });
  const key = `port-given-up/${job.id}/${now.toISOString()}`;
  await say(tx, { at: kin.pull, key, text, now, account: 'forwardport' });
}
